using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.VectorFs.Views;

namespace LLMOS.SystemInterface.VectorFs;

// Finding by what is known of files beside their content.
internal sealed partial class VectorFsGrain
{
    // Names that one part looks at, so that none takes long where little is found.
    private const int MostLookedAt = 10_000;
    private const int WalkPage = 1_000;

    public async Task<FilePage> FindAsync(string path, FileFilter filter, string after = "", int limit = 1_000)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(after);
        CheckLimit(limit, filter.Meaning is null ? MaxListed : FileFilter.MostByMeaning);
        var test = new NodeTest(filter, await OwnerAsync(filter.Owner));
        var root = await ExistingAsync(Followed(path));
        if (filter.Meaning is { } meaning)
        {
            return await FindByMeaningAsync(root, filter, meaning, test, limit);
        }

        if (after.Length > 0 && (VfsPath.Normalize(after) != after || !VfsPath.IsWithin(after, root.Path)))
        {
            throw LlmosException.InvalidArgument($"'{Shortened(after)}' is no place in {root.Path} to go on from: use what the part before said, or nothing.");
        }

        var found = new List<FileNode>();
        var (lookedAt, last) = (0, after);
        await foreach (var node in new TreeWalk(ListedAsync).GoAsync(root, after, filter.Depth ?? int.MaxValue))
        {
            if (found.Count == limit || lookedAt++ == MostLookedAt)
            {
                return new FilePage([.. found], last);
            }

            last = node.Path;
            if (test.IsWanted(node))
            {
                found.Add(node);
            }
        }

        return new FilePage([.. found], null);
    }

    private async Task<FilePage> FindByMeaningAsync(FileNode root, FileFilter filter, string meaning, NodeTest test, int limit)
    {
        var (found, depth) = (new List<FileNode>(), filter.Depth ?? int.MaxValue);
        foreach (var match in await SearchAsync(meaning, root.Path, FileFilter.MostByMeaning))
        {
            // Of a file with several names the one that the search says is the first to be looked at.
            foreach (var path in match.OtherPaths.Prepend(match.Path).Where(path => VfsPath.IsWithin(path, root.Path) && LevelsBelow(path, root.Path) <= depth))
            {
                if (await FindAsync(path) is { } node && test.IsWanted(node))
                {
                    found.Add(node);
                    break;
                }
            }

            if (found.Count == limit)
            {
                break;
            }
        }

        return new FilePage([.. found], null);
    }

    /// <summary>What is in a directory; nothing when it was removed since it was listed.</summary>
    private async Task<ImmutableArray<FileNode>> ListedAsync(string directory, string after)
    {
        try
        {
            return ViewOf(directory) is not { } view ? [.. store.List(directory, after, WalkPage)]
                : directory == view.Path || await view.FindAsync(directory) is { Kind: NodeKind.Directory } ? await view.ListAsync(directory, after, WalkPage)
                : [];
        }
        catch (LlmosException gone) when (gone.Code is LlmosErrorCode.NotFound or LlmosErrorCode.FailedPrecondition)
        {
            return [];
        }
    }

    /// <summary>The principal that a process is of, where an owner is the PID of one.</summary>
    private async Task<string?> OwnerAsync(string? owner)
    {
        if (owner is { Length: 0 })
        {
            throw LlmosException.InvalidArgument("The owner is empty: name a principal, or the PID of a process of it.");
        }

        if (!long.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid <= 0)
        {
            return null;
        }

        try
        {
            return (await AsCaller.CallAsync(() => GrainFactory.GetGrain<IProcessGrain>(pid).GetAsync())).Owner;
        }
        catch (LlmosException nobody) when (nobody.Code == LlmosErrorCode.NotFound)
        {
            throw LlmosException.NotFound($"There is no process {pid}, whose files could be found: name the principal that they are of.");
        }
    }

    private static int LevelsBelow(string path, string root) => path[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Length;
}
