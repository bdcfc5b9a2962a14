using System.CommandLine;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>broadcast</c>: sends a message to all processes and writes its id.</summary>
internal sealed class BroadcastCommand : ShellCommand
{
    private readonly Argument<string> _text = new("TEXT") { Description = "What to send; - reads standard input" };
    private readonly Option<string?> _from = new("--from") { Description = "Who sends it: a PID or a name (default: the console)", HelpName = "PID|NAME" };

    public BroadcastCommand(ShellContext context)
        : base("broadcast", "Send a message to all processes; writes its id", context)
    {
        Add(_text);
        Add(_from);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var text = await RequestText.ReadAsync(parse.GetRequiredValue(_text), Console.OpenStandardInput(), cancellationToken);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var from = parse.GetValue(_from) is { } sender ? await lease.Client.ResolveAsync(sender) : WellKnownPids.Console;
        var receipt = await lease.Client.BroadcastAsync(text, from).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(receipt.Message.MessageId.ToString());
        if (!parse.GetValue(Context.Global.Quiet))
        {
            Context.Console.WriteProgress($"sent to {receipt.Recipients} processes");
        }

        return ExitCodes.Success;
    }
}
