using System.CommandLine;
using LLMOS.Client;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>mem</c>: what the levels of memory hold, or the pages of a context region; it pins and unpins them.</summary>
internal sealed class MemCommand : ShellCommand
{
    private readonly Argument<string?> _region = new("REGION")
    {
        Description = "A context region, such as /context/project-webserver: its pages",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> _pin = new("--pin") { Description = "Keep this page of the region in the windows of those that read it" };
    private readonly Option<int?> _unpin = new("--unpin") { Description = "Let this page go again" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public MemCommand(ShellContext context)
        : base("mem", "Show what the levels of memory hold, or the pages of a context region", context)
    {
        Add(_region);
        Add(_pin);
        Add(_unpin);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var region = parse.GetValue(_region);
        var (pin, unpin) = (parse.GetValue(_pin), parse.GetValue(_unpin));
        if (region is null && (pin ?? unpin) is not null)
        {
            throw new UsageException("--pin and --unpin want the region whose page is meant: llmos mem REGION --pin PAGE.");
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        if (region is null)
        {
            return await LevelsAsync(lease.Client, parse.GetValue(_format), cancellationToken);
        }

        if (pin is { } kept)
        {
            await lease.Client.PinPageAsync(region, kept, isPinned: true).WaitAsync(cancellationToken);
        }

        if (unpin is { } released)
        {
            await lease.Client.PinPageAsync(region, released, isPinned: false).WaitAsync(cancellationToken);
        }

        return await PagesAsync(lease.Client, region, parse.GetValue(_format), cancellationToken);
    }

    private async Task<int> LevelsAsync(LlmosClient client, OutputFormat format, CancellationToken cancellationToken)
    {
        var silos = await client.GetMemoryAsync().WaitAsync(cancellationToken);
        var rows = silos.SelectMany(silo => silo.Levels.Select(level => new MemoryRow(silo.Silo, level.Name, level.Pages, level.Bytes, level.Hits, level.Misses, level.Evictions))).ToList();
        if (format != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(format, rows, JsonRows.Readable.ListMemoryRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("SILO").Column("LEVEL").Column("PAGES", right: true).Column("SIZE", right: true).Column("HITS", right: true)
            .Column("MISSES", right: true).Column("EVICTIONS", right: true);
        foreach (var row in rows)
        {
            table.Row(
                row.Silo,
                row.Level,
                Figures.Count(row.Pages),
                row.Bytes > 0 ? Figures.Size(row.Bytes) : "",
                Figures.Count(row.Hits),
                Figures.Count(row.Misses),
                Figures.Count(row.Evictions));
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }

    private async Task<int> PagesAsync(LlmosClient client, string region, OutputFormat format, CancellationToken cancellationToken)
    {
        var pages = await client.ListPagesAsync(region).WaitAsync(cancellationToken);
        var rows = pages.Select((page, number) => new PageRow(number, page.Id, page.Tokens, page.IsPinned, page.Entries > 0)).ToList();
        if (format != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(format, rows, JsonRows.Readable.ListPageRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("PAGE", right: true).Column("TOKENS", right: true).Column("PINNED").Column("SHARED").Column("ID");
        foreach (var row in rows)
        {
            table.Row(Figures.Count(row.Page), Figures.Count(row.Tokens), row.Pinned ? "yes" : "", row.Shared ? "yes" : "", row.Id.ToString());
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }
}
