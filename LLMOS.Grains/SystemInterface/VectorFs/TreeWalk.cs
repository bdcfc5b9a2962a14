using System.Collections.Immutable;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Goes through a directory and what is below it, each directory before what is in it, and the names of each by their characters. Where it was is a path, so that another walk goes on behind it.
/// </summary>
/// <param name="list">Lists a directory by name, after a name; nothing for one that is not there any more.</param>
internal sealed class TreeWalk(Func<string, string, Task<ImmutableArray<FileNode>>> list)
{
    /// <summary>What is at a path and below it.</summary>
    /// <param name="root">What is at the path.</param>
    /// <param name="after">The path that the walk before came to; empty for a new one.</param>
    /// <param name="depth">How many levels below it.</param>
    public async IAsyncEnumerable<FileNode> GoAsync(FileNode root, string after, int depth)
    {
        // The directories that the walk is in, each with what it has of its list.
        var open = new Stack<Level>();
        if (after.Length == 0)
        {
            yield return root;
            Enter(root, depth);
        }
        else
        {
            Return(root, after, depth);
        }

        while (open.TryPeek(out var level))
        {
            if (level.Names.TryDequeue(out var node))
            {
                yield return node;
                Enter(node, depth - open.Count);
            }
            else if (level.IsWhole || !await ReadAsync(level))
            {
                open.Pop();
            }
        }

        void Enter(FileNode node, int levels)
        {
            if (node.Kind == NodeKind.Directory && levels > 0)
            {
                open.Push(new Level(node.Path, ""));
            }
        }

        // What the walk came to may be gone, or another kind of thing by now: a list of nothing ends soon.
        void Return(FileNode root, string after, int depth)
        {
            var directory = root.Path;
            foreach (var name in after[directory.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Take(depth))
            {
                open.Push(new Level(directory, name));
                directory = VfsPath.Normalize(name, directory);
            }

            if (open.Count < depth)
            {
                open.Push(new Level(directory, ""));
            }
        }
    }

    private async Task<bool> ReadAsync(Level level)
    {
        var nodes = await list(level.Directory, level.After);
        foreach (var node in nodes)
        {
            level.Names.Enqueue(node);
        }

        level.IsWhole = nodes.IsEmpty;
        level.After = nodes.IsEmpty ? level.After : VfsPath.NameOf(nodes[^1].Path);
        return !nodes.IsEmpty;
    }

    private sealed class Level(string directory, string after)
    {
        public string Directory { get; } = directory;

        /// <summary>The last name that was read.</summary>
        public string After { get; set; } = after;

        public bool IsWhole { get; set; }

        public Queue<FileNode> Names { get; } = [];
    }
}
