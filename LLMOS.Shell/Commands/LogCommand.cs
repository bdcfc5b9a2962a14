using System.CommandLine;
using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>log</c>: lists VMP messages.</summary>
internal sealed class LogCommand : ShellCommand
{
    private const int DefaultCount = 100;
    private const int MaxCount = 100_000;
    private const int TextLength = 80;

    private readonly Argument<string?> _what = new("PID|RUN")
    {
        Description = "Only the messages of this process (a PID or a name) or of this run",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _count = new("--lines", "-n")
    {
        Description = $"How many, the newest (default {DefaultCount})",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultCount,
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public LogCommand(ShellContext context)
        : base("log", "List messages, oldest first", context)
    {
        Add(_what);
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
        var query = await QueryAsync(lease.Client, parse.GetValue(_what)) with { Limit = parse.GetValue(_count) };
        var messages = await lease.Client.QueryMessagesAsync(query).WaitAsync(cancellationToken);
        var names = await ProcessNames.OfAsync(lease.Client, messages);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(
                Structured.Write(parse.GetValue(_format), [.. messages.Select(logged => Row(logged, names))], JsonRows.Readable.ListMessageRow));
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("TIME").Column("FROM → TO").Column("TYPE").Column("STATE").Column("TEXT");
        foreach (var (_, message, state) in messages)
        {
            table.Row(
                Figures.Moment(message.Timestamp, now),
                $"{names.Label(message.From)} → {names.Label(message.To)}",
                message.MessageType.ToString().ToUpperInvariant(),
                state.ToString().ToUpperInvariant(),
                SafeText.FirstLine(message.Payload, TextLength));
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static async Task<MessageQuery> QueryAsync(LlmosClient client, string? what)
    {
        if (what is null)
        {
            return new MessageQuery();
        }

        var runs = await client.ListRunsAsync();
        if (runs.Any(run => run.RunId == what))
        {
            return new MessageQuery { CorrelationId = what };
        }

        try
        {
            return new MessageQuery { Pid = (await client.GetProcessAsync(await client.ResolveAsync(what))).Pid };
        }
        catch (LlmosException unknown) when (unknown.Code == LlmosErrorCode.NotFound)
        {
            throw LlmosException.NotFound($"There is no process and no run '{what}': see llmos ps -a and llmos runs.");
        }
    }

    private static MessageRow Row(LoggedMessage logged, ProcessNames names) => new(
        logged.Sequence,
        logged.Message.MessageId,
        logged.Message.Timestamp,
        logged.Message.From,
        names[logged.Message.From],
        logged.Message.To,
        names[logged.Message.To],
        logged.Message.MessageType.ToString().ToUpperInvariant(),
        logged.State.ToString().ToUpperInvariant(),
        logged.Message.CorrelationId,
        logged.Message.Payload);
}
