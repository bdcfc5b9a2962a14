using System.CommandLine;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>dead</c>: lists dead letters, the messages that were never handled, and why.</summary>
internal sealed class DeadCommand : ShellCommand
{
    private const int DefaultCount = 100;
    private const int MaxCount = 100_000;
    private const int TextLength = 40;

    private readonly Argument<string?> _process = new("PID")
    {
        Description = "Only those that were sent to this process: a PID or a name",
        HelpName = "PID|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _count = new("--lines", "-n")
    {
        Description = $"How many, the newest (default {DefaultCount})",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultCount,
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public DeadCommand(ShellContext context)
        : base("dead", "List messages that were never handled, and why; replay sends one again", context)
    {
        Add(_process);
        Add(_count);
        Add(_format);
        _count.Validators.Add(result =>
        {
            if (OptionNumber.Of<long>(result) is < 1 or > MaxCount)
            {
                result.AddError($"--lines is {result.Tokens[0].Value}: use 1 to {MaxCount}.");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);

        // A letter may be to a PID that no process has.
        long? pid = parse.GetValue(_process) is not { } named ? null
            : long.TryParse(named, CultureInfo.InvariantCulture, out var number) ? number
            : await lease.Client.ResolveAsync(named);
        var letters = await lease.Client.ListDeadLettersAsync(pid, parse.GetValue(_count)).WaitAsync(cancellationToken);
        var names = await ProcessNames.OfAsync(lease.Client, letters);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(
                Structured.Write(parse.GetValue(_format), [.. letters.Select(letter => Row(letter, names))], JsonRows.Readable.ListDeadLetterRow));
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("SEQ", right: true).Column("TIME").Column("FROM → TO").Column("TYPE").Column("STATE").Column("TEXT").Column("REASON");
        foreach (var letter in letters)
        {
            var message = letter.Message;
            table.Row(
                letter.Sequence.ToString(CultureInfo.InvariantCulture),
                Figures.Moment(message.Timestamp, now),
                $"{names.Label(message.From)} → {names.Label(message.To)}",
                message.MessageType.ToString().ToUpperInvariant(),
                letter.ReplayedAs is null ? letter.State.ToString().ToUpperInvariant() : "REPLAYED",
                SafeText.FirstLine(message.Payload, TextLength),
                letter.Reason);
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static DeadLetterRow Row(LoggedMessage letter, ProcessNames names) => new(
        letter.Sequence,
        letter.Message.MessageId,
        letter.Message.Timestamp,
        letter.Message.From,
        names[letter.Message.From],
        letter.Message.To,
        names[letter.Message.To],
        letter.Message.MessageType.ToString().ToUpperInvariant(),
        letter.State.ToString().ToUpperInvariant(),
        letter.Reason,
        letter.ReplayedAs,
        letter.Message.Payload);
}
