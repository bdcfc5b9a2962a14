using System.CommandLine;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>send</c>: sends a message and writes its id.</summary>
internal sealed class SendCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create("Whom to send it to: a PID or a name");
    private readonly Argument<string> _text = new("TEXT") { Description = "What to send; - reads standard input" };

    private readonly Option<string?> _from = new("--from") { Description = "Who sends it: a PID or a name (default: the console)", HelpName = "PID|NAME" };

    private readonly Option<VmpMessageType> _type = new("--type")
    {
        Description = "REQUEST, RESPONSE or NOTIFICATION (default REQUEST)",
        HelpName = "TYPE",
    };

    public SendCommand(ShellContext context)
        : base("send", "Send a message to a process; writes its id", context)
    {
        Add(_process);
        Add(_text);
        Add(_from);
        Add(_type);
        _type.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "REQUEST", "RESPONSE", "NOTIFICATION");
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var text = await RequestText.ReadAsync(parse.GetRequiredValue(_text), Console.OpenStandardInput(), cancellationToken);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var to = await lease.Client.ResolveAsync(parse.GetRequiredValue(_process));
        var from = parse.GetValue(_from) is { } sender ? await lease.Client.ResolveAsync(sender) : WellKnownPids.Console;
        var message = await lease.Client.SendAsync(from, new OutgoingMessage { To = to, Payload = text, MessageType = parse.GetValue(_type) })
            .WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(message.MessageId.ToString());
        return ExitCodes.Success;
    }
}
