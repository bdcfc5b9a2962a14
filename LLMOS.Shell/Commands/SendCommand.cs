using System.CommandLine;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>send</c>: sends a message and writes its id.</summary>
internal sealed class SendCommand : ShellCommand
{
    private readonly Argument<string> _to = new("PID")
    {
        Description = "Whom to send it to: a PID or a name, or @GROUP for the members of a group",
        HelpName = "PID|NAME|@GROUP",
    };

    private readonly Argument<string> _text = new("TEXT") { Description = "What to send; - reads standard input" };

    private readonly Option<string?> _from = new("--from") { Description = "Who sends it: a PID or a name (default: the console)", HelpName = "PID|NAME" };

    private readonly Option<VmpMessageType> _type = new("--type")
    {
        Description = "REQUEST, RESPONSE or NOTIFICATION (default REQUEST)",
        HelpName = "TYPE",
    };

    private readonly Option<double?> _deadline = OptionNumber.Seconds("--deadline", "A message that is not handled within this time never is; who sent a REQUEST gets an error for an answer");

    private readonly Option<double?> _ack = OptionNumber.Seconds("--ack", "Wait so long until the message is handled; the exit code is 124 when it is not");

    public SendCommand(ShellContext context)
        : base("send", "Send a message to a process or a group; writes its id", context)
    {
        Add(_to);
        Add(_text);
        Add(_from);
        Add(_type);
        Add(_deadline);
        Add(_ack);
        _type.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "REQUEST", "RESPONSE", "NOTIFICATION");
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var text = await RequestText.ReadAsync(parse.GetRequiredValue(_text), Console.OpenStandardInput(), cancellationToken);
        var ack = OptionNumber.SecondsOf(parse, _ack);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = ack is not null }, cancellationToken);
        var named = parse.GetRequiredValue(_to);
        var isGroup = named.StartsWith('@');
        var message = new OutgoingMessage
        {
            To = isGroup ? 0 : await lease.Client.ResolveAsync(named, "send"),
            Group = isGroup ? named[1..] : "",
            Payload = text,
            MessageType = parse.GetValue(_type),
            Deadline = OptionNumber.SecondsOf(parse, _deadline) is { } limit ? DateTimeOffset.UtcNow + limit : null,
        };
        if (isGroup && message.Group.Length == 0)
        {
            throw new UsageException("'@' names no group: write @ and the group's name; llmos groups lists them.");
        }

        var from = parse.GetValue(_from) is { } sender ? await lease.Client.ResolveAsync(sender) : WellKnownPids.Console;
        var sent = ack is { } wait
            ? await lease.Client.SendAndAwaitAckAsync(from, message, wait, cancellationToken)
            : await lease.Client.SendAsync(from, message).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(sent.MessageId.ToString());
        return ExitCodes.Success;
    }
}
