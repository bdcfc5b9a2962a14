using System.Globalization;
using System.Text;
using LLMOS.Agents.SystemAgents;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary><c>/logs</c>: the system log, and the newest of the audit log for those who may see it.</summary>
internal sealed class LogsView(IGrainFactory grains) : FlatView
{
    private const int Newest = 200;
    private const int MostTokens = 50_000;

    public override string Path => "/logs";

    protected override async Task<IEnumerable<ViewFile>> FilesAsync()
    {
        var files = new List<ViewFile>();
        foreach (var name in (string[])["audit", "system"])
        {
            if (await FileAsync(name) is { } file)
            {
                files.Add(file);
            }
        }

        return files;
    }

    protected override async Task<ViewFile?> FileAsync(string name)
    {
        try
        {
            return name switch
            {
                "audit" => await AuditAsync(),
                "system" => await SystemAsync(),
                _ => null,
            };
        }
        catch (LlmosException denied) when (denied.Code == LlmosErrorCode.PermissionDenied)
        {
            return null;
        }
    }

    private async Task<ViewFile> AuditAsync()
    {
        var records = await AsCaller.CallAsync(() => grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Limit = Newest }));
        var text = new StringBuilder();
        foreach (var record in records)
        {
            var entry = record.Entry;
            text.Append(CultureInfo.InvariantCulture, $"{record.Sequence} {entry.At:O} {entry.Principal} {entry.Source} {entry.Syscall} {entry.Destination} {entry.Result}\n");
        }

        return new ViewFile("audit", text.ToString()) { Version = records.IsEmpty ? 1 : records[^1].Sequence, ModifiedAt = records.IsEmpty ? default : records[^1].Entry.At };
    }

    private async Task<ViewFile?> SystemAsync()
    {
        var region = grains.GetGrain<IContextRegionGrain>(LoggerProgram.Region);
        var entries = await AsCaller.CallAsync(() => region.TailAsync(MostTokens));
        var text = string.Concat(entries.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.At:O} {entry.Author}: {entry.Text}\n")));
        return new ViewFile("system", text) { Version = entries.Length + 1, ModifiedAt = entries.IsEmpty ? default : entries[^1].At };
    }
}
