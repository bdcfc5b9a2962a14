using System.CommandLine;
using LLMOS.Agents;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>runs</c>: lists the runs of workflows.</summary>
internal sealed class RunsCommand : ShellCommand
{
    private const int RequestLength = 60;

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public RunsCommand(ShellContext context)
        : base("runs", "List runs, oldest first; run --resume goes on with one that was interrupted", context) => Add(_format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var runs = await lease.Client.ListRunsAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. runs.Select(Row)], JsonRows.Readable.ListRunRow));
            return ExitCodes.Success;
        }

        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("RUN").Column("STATUS").Column("WORKFLOW").Column("STARTED").Column("TIME", right: true).Column("REGION").Column("REQUEST");
        foreach (var run in runs)
        {
            table.Row(
                run.RunId,
                run.Status.ToString().ToUpperInvariant(),
                run.Workflow,
                Figures.Moment(run.StartedAt, now),
                run.EndedAt is { } ended ? Figures.Duration(ended - run.StartedAt) : "",
                run.Region,
                SafeText.FirstLine(run.Request, RequestLength));
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private static RunRow Row(RunSnapshot run) => new(
        run.RunId,
        run.Workflow,
        run.Status.ToString().ToUpperInvariant(),
        run.Request,
        run.Region,
        run.StartedAt,
        run.EndedAt,
        [.. run.Members.Select(member => new RunMemberRow(member.Role, member.Pid))],
        run.Result,
        run.Failure);
}
