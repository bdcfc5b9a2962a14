using System.CommandLine;
using LLMOS.Kernel.Security;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>audit</c>: lists who did what; <c>audit verify</c> says whether the list is as it was written.</summary>
internal sealed class AuditCommand : ShellCommand
{
    private const int DefaultCount = 100;
    private const int MaxCount = 100_000;
    private const int TextLength = 70;

    private readonly Argument<string?> _process = new("PID")
    {
        Description = "Only what this process did, or what was done to it: a PID or a name",
        HelpName = "PID|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _syscall = new("--syscall", "-s") { Description = "Only this syscall; message for messages", HelpName = "NAME" };
    private readonly Option<DateTimeOffset?> _since = TimeOption.Create("--since", "Only from this time on: a time such as 2026-01-31T12:00, or how long ago, such as 90s, 10m, 2h, 7d");
    private readonly Option<DateTimeOffset?> _until = TimeOption.Create("--until", "Only up to this time");

    private readonly Option<int> _count = new("--lines", "-n")
    {
        Description = $"How many, the newest (default {DefaultCount})",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultCount,
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public AuditCommand(ShellContext context)
        : base("audit", "List who did what, oldest first; audit verify says whether the list is as it was written", context)
    {
        Add(_process);
        Add(_syscall);
        Add(_since);
        Add(_until);
        Add(_count);
        Add(_format);
        Add(new AuditVerifyCommand(context));
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
        var records = await lease.Client.QueryAuditAsync(new AuditQuery
        {
            Pid = parse.GetValue(_process) is { } named ? await lease.Client.ResolveAsync(named) : null,
            Syscall = parse.GetValue(_syscall),
            Since = parse.GetValue(_since),
            Until = parse.GetValue(_until),
            Limit = parse.GetValue(_count),
        }).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. records.Select(Row)], JsonRows.Readable.ListAuditRow));
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("NR", right: true).Column("TIME").Column("WHO").Column("FROM → TO").Column("SYSCALL").Column("RESULT").Column("ARGUMENTS");
        foreach (var (sequence, entry) in records.Select(record => (record.Sequence, record.Entry)))
        {
            table.Row(
                Figures.Count(sequence),
                Figures.Moment(entry.At, now),
                SafeText.FirstLine(entry.Principal, 20),
                $"{Pid(entry.Source)} → {Pid(entry.Destination)}",
                SafeText.FirstLine(entry.Syscall, 20),
                SafeText.FirstLine(entry.Result, TextLength),
                SafeText.FirstLine(entry.Arguments, TextLength));
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static string Pid(long? pid) => pid is { } some ? Figures.Count(some) : "-";

    private static AuditRow Row(AuditRecord record) => new(
        record.Sequence,
        record.Entry.At,
        record.Entry.Principal,
        record.Entry.Source,
        record.Entry.Destination,
        record.Entry.Syscall,
        record.Entry.Arguments,
        Convert.ToHexStringLower(record.Entry.VectorDigest.AsSpan()),
        record.Entry.Tokens,
        record.Entry.Result,
        Convert.ToHexStringLower(record.Hash.AsSpan()));
}
