using System.CommandLine;

namespace LLMOS.Shell.Commands;

/// <summary><c>help</c>: the commands, or one of them.</summary>
internal sealed class HelpCommand : ShellCommand
{
    private readonly Argument<string[]> _topic = new("COMMAND") { Description = "The command that is to be explained (default: all of them)", Arity = ArgumentArity.ZeroOrMore };
    private readonly Func<IReadOnlyList<string>, ParseResult> _parse;

    public HelpCommand(ShellContext context, Func<IReadOnlyList<string>, ParseResult> parse)
        : base("help", "Explain the commands, or one of them", context)
    {
        _parse = parse;
        Add(_topic);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        string[] topic = parse.GetValue(_topic) ?? [];
        var help = _parse([.. topic, "--help"]);
        if (topic.Length > 0 && help.CommandResult.Command is RootCommand)
        {
            throw new UsageException($"'{topic[0]}' is no command: see llmos --help.");
        }

        return help.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = Context.Console.Out, Error = Context.Console.Error }, cancellationToken);
    }
}
