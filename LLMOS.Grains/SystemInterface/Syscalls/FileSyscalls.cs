using System.Globalization;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>cd, ls, cat, grep, search, write, append, move, remove, mkdir, history and rollback: VectorFS, and context regions under their paths.</summary>
internal sealed class FileSyscalls(TimeProvider time) : ISyscallSet
{
    private const int Listed = 1_000;

    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("cd", Permissions.ReadContext, false, "path", async context => new FileResult(await context.Files.FindDirectoryAsync(Path(context)))),
        new("ls", Permissions.ReadContext, false, "path", ListAsync),
        new("cat", Permissions.ReadContext, false, "path", ReadAsync),
        new("grep", Permissions.ReadContext, false, "path", GrepAsync),
        new("search", Permissions.ReadContext, false, "query", async context => new MatchesResult(await context.Files.SearchAsync(context.Arguments.Text("query")!, VfsPath.Root))),
        new("write", Permissions.WriteContext, true, "path", async context => new FileResult(await context.Files.WriteAsync(Path(context), context.Arguments.Text("text")!))),
        new("append", Permissions.WriteContext, true, "path", AppendAsync),
        new("move", Permissions.WriteContext, true, "path", async context => new FileResult(await context.Files.MoveAsync(Path(context), context.Arguments.Text("to")!))),
        new("remove", Permissions.WriteContext, true, "path", RemoveAsync),
        new("mkdir", Permissions.WriteContext, true, "path", async context => new FileResult(await context.Files.MakeDirectoryAsync(Path(context)))),
        new("history", Permissions.ReadContext, false, "path", async context => new VersionsResult(await context.Files.GetHistoryAsync(Path(context)))),
        new("rollback", Permissions.WriteContext, true, "path", async context => new FileResult(
            await context.Files.RollbackAsync(Path(context), context.Arguments.Whole("version", 1, long.MaxValue)))),
    ];

    private static string Path(SyscallContext context) => context.Arguments.Text("path")!;

    private static async Task<SyscallResult> ListAsync(SyscallContext context)
    {
        var path = context.Arguments.Text("path") ?? VfsPath.Root;
        return context.Arguments.Text("similarTo") is { } meaning
            ? new MatchesResult(await context.Files.ListSimilarAsync(path, meaning, Listed))
            : new FilesResult(await context.Files.ListAsync(path));
    }

    private static async Task<SyscallResult> GrepAsync(SyscallContext context)
    {
        var path = context.Arguments.Text("path") ?? VfsPath.Root;
        return (context.Arguments.Text("pattern"), context.Arguments.Text("meaning")) switch
        {
            ({ } pattern, null) => new MatchesResult(await context.Files.GrepAsync(pattern, path)),
            (null, { } meaning) => new MatchesResult(await context.Files.SearchAsync(meaning, path)),
            _ => throw SyscallErrors.Wrong("grep", "pattern", "It looks for a text or for a meaning: say one of 'pattern' and 'meaning'."),
        };
    }

    private static async Task<SyscallResult> RemoveAsync(SyscallContext context)
    {
        var path = Path(context);
        await context.Files.RemoveAsync(path);
        return new TextResult($"{path} is removed");
    }

    private static async Task<SyscallResult> ReadAsync(SyscallContext context) => await FindRegionAsync(context) is { } region
        ? new EntriesResult(await region.Grain.ReadAsync())
        : new TextResult(await context.Files.ReadAsync(Path(context)));

    private async Task<SyscallResult> AppendAsync(SyscallContext context)
    {
        var text = context.Arguments.Text("text")!;
        if (await FindRegionAsync(context) is not { } region)
        {
            return new FileResult(await context.Files.AppendAsync(Path(context), text));
        }

        var version = await region.Grain.AppendAsync(new ContextEntry(
            Guid.NewGuid(), context.Self, context.Caller.ToString(), text, TokenEstimate.Of(text), time.GetUtcNow()));
        return new TextResult(string.Create(CultureInfo.InvariantCulture, $"{region.Info.Path} is at version {version}"));
    }

    /// <summary>The region under a path; null where a file is, or nothing but a place for one.</summary>
    private static async Task<(IContextRegionGrain Grain, Kernel.Memory.RegionInfo Info)?> FindRegionAsync(SyscallContext context)
    {
        var path = Path(context);
        if (!RegionPath.IsValid(path) || await context.Files.StatAsync(path) is not null)
        {
            return null;
        }

        var grain = context.Grains.GetGrain<IContextRegionGrain>(path);
        return await grain.GetInfoAsync() is { } info ? (grain, info) : null;
    }
}
