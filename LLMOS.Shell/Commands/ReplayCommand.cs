using System.CommandLine;
using System.Globalization;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>replay</c>: sends dead letters again and writes their new ids.</summary>
internal sealed class ReplayCommand : ShellCommand
{
    private readonly Argument<string[]> _letters = new("SEQ")
    {
        Description = "The dead letters, by their numbers in llmos dead",
        HelpName = "SEQ",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _to = new("--to") { Description = "Who gets them: a PID or a name (default: whom they were sent to)", HelpName = "PID|NAME" };

    public ReplayCommand(ShellContext context)
        : base("replay", "Send dead letters again; writes their new ids", context)
    {
        Add(_letters);
        Add(_to);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var sequences = parse.GetRequiredValue(_letters).Select(Number).ToArray();
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        long? to = parse.GetValue(_to) is { } named ? await lease.Client.ResolveAsync(named) : null;
        foreach (var sequence in sequences)
        {
            var message = await lease.Client.ReplayAsync(sequence, to).WaitAsync(cancellationToken);
            await Context.Console.Out.WriteLineAsync(message.MessageId.ToString());
        }

        return ExitCodes.Success;
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
        ? sequence
        : throw new UsageException($"'{text}' is no number of a dead letter: llmos dead lists them.");
}
