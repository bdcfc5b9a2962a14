using System.CommandLine;
using System.Globalization;
using LLMOS.Client;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Top;

namespace LLMOS.Shell.Commands;

/// <summary><c>status</c>: whether a silo runs, and what it does. It starts none.</summary>
internal sealed class StatusCommand : ShellCommand
{
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public StatusCommand(ShellContext context)
        : base("status", "Say whether a silo runs here and what it does; exit code 3 where none runs", context) => Add(_format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var report = await ReportAsync(parse, cancellationToken);
        if (parse.GetValue(_format) is not OutputFormat.Table and var format)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(format, report, JsonRows.Readable.StatusReport));
        }
        else
        {
            Write(report);
        }

        return report.Running ? ExitCodes.Success : ExitCodes.NotRunning;
    }

    private async Task<StatusReport> ReportAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var connect = parse.GetValue(Context.Global.Connect);
        if (Context.Interactive is null && connect is null)
        {
            var folder = SiloSettings.Folder(new SessionOptions { Data = parse.GetValue(Context.Global.Data) });
            return SiloEndpointFile.Find(folder) is { } endpoint
                ? await OfAsync(parse, folder, endpoint.ProcessId, endpoint.Gateway, cancellationToken)
                : new StatusReport(false, folder, null, null, ShellApplication.Version, Nothing, Nothing, null, []);
        }

        return Context.Interactive is { Address: null } session
            ? await OfAsync(parse, session.DataFolder, SiloEndpointFile.Find(session.DataFolder)?.ProcessId, SiloEndpointFile.Find(session.DataFolder)?.Gateway, cancellationToken)
            : await OfAsync(parse, null, null, connect ?? Context.Interactive?.Address, cancellationToken);
    }

    private async Task<StatusReport> OfAsync(ParseResult parse, string? folder, int? pid, string? gateway, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var sample = await new TopSampler(lease.Client, TimeProvider.System).TakeAsync().WaitAsync(cancellationToken);
        var runs = await lease.Client.ListRunsAsync(cancellationToken);
        return new StatusReport(
            true,
            folder,
            pid,
            gateway,
            ShellApplication.Version,
            Count(sample.Processes.Select(process => process.State)),
            Count(runs.Select(run => run.Status.ToString().ToUpperInvariant())),
            sample.Figures,
            sample.Devices);
    }

    private void Write(StatusReport report)
    {
        var table = new TextTable().Column("WHAT").Column("HOW IT IS");
        table.Row("silo", report.Running ? report.ProcessId is { } pid ? string.Create(CultureInfo.InvariantCulture, $"runs in process {pid}") : "runs" : "does not run");
        table.Row("version", report.Version);
        if (report.Data is not null)
        {
            table.Row("data", report.Data);
        }

        if (report.Gateway is not null)
        {
            table.Row("gateway", report.Gateway);
        }

        if (report.Figures is { } figures)
        {
            table.Row("processes", Sum(report.States));
            table.Row("runs", Sum(report.Runs));
            table.Row("KV pool", figures.CellsTotal == 0 ? "no engine is loaded" : string.Create(CultureInfo.InvariantCulture, $"{figures.CellsUsed:#,##0} of {figures.CellsTotal:#,##0} cells"));
            foreach (var device in report.Devices)
            {
                table.Row("device", $"{device.Device}: {Figures.Size(device.MemoryFree)} of {Figures.Size(device.MemoryTotal)} free, {(device.Models.Count == 0 ? "no model" : string.Join(", ", device.Models))}");
            }
        }

        table.WriteTo(Context.Console);
    }

    private static IReadOnlyDictionary<string, int> Nothing { get; } = new Dictionary<string, int>();

    private static SortedDictionary<string, int> Count(IEnumerable<string> words) =>
        new(words.CountBy(word => word).ToDictionary(word => word.Key, word => word.Value), StringComparer.Ordinal);

    private static string Sum(IReadOnlyDictionary<string, int> counts) => counts.Count == 0 ? "none" : string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
}
