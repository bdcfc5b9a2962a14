using System.CommandLine;
using LLMOS.Shell.Completion;

namespace LLMOS.Shell.Commands;

/// <summary><c>completion</c>: writes the script that makes a shell complete the words of <c>llmos</c>.</summary>
internal sealed class CompletionCommand : ShellCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh", HelpName = "bash|zsh|fish|pwsh" };

    public CompletionCommand(ShellContext context)
        : base("completion", "Write the completion script of a shell, such as source <(llmos completion bash)", context) => Add(_shell);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var shell = parse.GetRequiredValue(_shell);
        var script = CompletionScripts.Of(shell) ?? throw new UsageException($"There is no completion for '{shell}': use bash, zsh, fish or pwsh.");
        await Context.Console.Out.WriteLineAsync(script);
        return ExitCodes.Success;
    }
}
