using System.CommandLine;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>receive</c>: takes a message out of a mailbox and writes its text.</summary>
internal sealed class ReceiveCommand : ShellCommand
{
    private readonly Argument<string?> _process = new("PID")
    {
        Description = "Whose mailbox: a PID or a name (default: the console's)",
        HelpName = "PID|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _from = new("--from") { Description = "Only a message from this process", HelpName = "PID|NAME" };
    private readonly Option<double> _wait = new("--wait", "-w") { Description = "How long to wait for one (default: not at all)", HelpName = "SECONDS" };

    public ReceiveCommand(ShellContext context)
        : base("receive", "Take a message out of a mailbox; writes its text", context)
    {
        Add(_process);
        Add(_from);
        Add(_wait);
        _wait.Validators.Add(result =>
        {
            if (OptionNumber.Of<double>(result) is { } wait && wait is not (>= 0 and <= 86_400))
            {
                result.AddError($"--wait is {result.Tokens[0].Value}: use 0 to 86400 seconds.");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        // Messages to come have to be worked for; those that came already wait in the log.
        var wait = parse.GetValue(_wait);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = wait > 0 }, cancellationToken);
        var pid = parse.GetValue(_process) is { } named ? await lease.Client.ResolveAsync(named) : WellKnownPids.Console;
        var filter = new MessageFilter { From = parse.GetValue(_from) is { } from ? await lease.Client.ResolveAsync(from) : null };
        var message = await lease.Client.ReceiveAsync(pid, filter, TimeSpan.FromSeconds(wait), cancellationToken);
        if (message is null)
        {
            throw LlmosException.Unavailable($"There is no message for process {pid}; --wait SECONDS waits for one.");
        }

        if (!parse.GetValue(Context.Global.Quiet))
        {
            var header = string.Create(CultureInfo.InvariantCulture, $"{message.MessageType.ToString().ToUpperInvariant()} from {message.From}");
            Context.Console.WriteProgress($"{header} at {Figures.Moment(message.Timestamp, DateTimeOffset.Now)}");
        }

        await Context.Console.Out.WriteLineAsync(SafeText.Lines(message.Payload));
        return ExitCodes.Success;
    }
}
