using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>
/// Which path the kernel means by a number. A number is kept until the kernel has forgotten it as often as it was told it, and as
/// long as something in it or an open file needs it. Safe for several threads.
/// </summary>
internal sealed class VfsTree
{
    public const ulong RootId = 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, VfsNode> _nodes = [];
    private ulong _last = RootId;

    public VfsTree()
    {
        Root = new VfsNode(RootId, null, "", VfsNodeKind.Directory) { Lookups = 1 };
        _nodes[RootId] = Root;
    }

    public VfsNode Root { get; }

    /// <summary>How many numbers are known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    /// <exception cref="ErrnoException">The kernel was not told this number, or has forgotten it.</exception>
    public VfsNode Get(ulong id)
    {
        lock (_lock)
        {
            return _nodes.GetValueOrDefault(id) ?? throw new ErrnoException(Errno.ESTALE);
        }
    }

    /// <summary>The node at a name, where the kernel knows of it.</summary>
    public VfsNode? Child(VfsNode directory, string name)
    {
        lock (_lock)
        {
            return directory.Children.GetValueOrDefault(name);
        }
    }

    /// <summary>The nodes in a directory that the kernel knows of.</summary>
    public IReadOnlyList<VfsNode> Children(VfsNode directory)
    {
        lock (_lock)
        {
            return [.. directory.Children.Values];
        }
    }

    /// <summary>The node at a name, which the kernel is told of once more.</summary>
    public VfsNode LookUp(VfsNode directory, string name, VfsNodeKind kind)
    {
        lock (_lock)
        {
            // The kernel takes no number for a file that was one for a directory.
            if (directory.Children.TryGetValue(name, out var node) && node.Kind != kind)
            {
                Detach(node);
                node = null;
            }

            if (node is null)
            {
                node = new VfsNode(++_last, directory, name, kind);
                _nodes[node.Id] = node;
                directory.Children[name] = node;
            }

            node.Lookups++;
            return node;
        }
    }

    /// <summary>The kernel forgets a number so many times. One that is unknown is left as it is.</summary>
    public void Forget(ulong id, ulong count)
    {
        lock (_lock)
        {
            if (id != RootId && _nodes.TryGetValue(id, out var node))
            {
                node.Lookups -= Math.Min(count, node.Lookups);
                DropUnused(node);
            }
        }
    }

    /// <summary>The path in VectorFS, or in the folders of searches; null when it was removed.</summary>
    public string? PathOf(VfsNode node)
    {
        lock (_lock)
        {
            var names = new Stack<string>();
            for (; node != Root; node = node.Parent)
            {
                if (node.Parent is null)
                {
                    return null;
                }

                names.Push(node.Name);
            }

            return VfsPath.Root + string.Join('/', names);
        }
    }

    /// <summary>Takes a node out of its directory. Its number stays as long as the kernel or an open file has it.</summary>
    public void Remove(VfsNode node)
    {
        lock (_lock)
        {
            var directory = node.Parent;
            Detach(node);
            DropUnused(node);
            DropUnused(directory);
        }
    }

    /// <summary>Gives a node another name. What was there is taken out.</summary>
    public void Move(VfsNode node, VfsNode directory, string name)
    {
        lock (_lock)
        {
            if (directory.Children.TryGetValue(name, out var there) && there != node)
            {
                Detach(there);
                DropUnused(there);
            }

            var before = node.Parent;
            Detach(node);
            (node.Parent, node.Name) = (directory, name);
            directory.Children[name] = node;
            DropUnused(before);
        }
    }

    /// <summary>The content of a file for one more who has it open.</summary>
    public OpenFile Acquire(VfsNode node)
    {
        lock (_lock)
        {
            node.Open ??= new OpenFile();
            node.Open.Holders++;
            return node.Open;
        }
    }

    /// <summary>One less has a file open. When nobody has, its content is dropped, and a file that was never saved with it.</summary>
    public void Release(VfsNode node)
    {
        lock (_lock)
        {
            if (node.Open is not { } open || --open.Holders > 0)
            {
                return;
            }

            node.Open = null;
            var directory = node.Parent;
            if (open.IsNew)
            {
                Detach(node);
            }

            DropUnused(node);
            DropUnused(directory);
        }
    }

    /// <summary>The files that are open.</summary>
    public IReadOnlyList<VfsNode> Opened()
    {
        lock (_lock)
        {
            return [.. _nodes.Values.Where(node => node.Open is not null)];
        }
    }

    private static void Detach(VfsNode node)
    {
        if (node.Parent?.Children.GetValueOrDefault(node.Name) == node)
        {
            node.Parent.Children.Remove(node.Name);
        }

        node.Parent = null;
    }

    private void DropUnused(VfsNode? node)
    {
        while (node is not null && node != Root && node is { Lookups: 0, Open: null, Children.Count: 0 })
        {
            var directory = node.Parent;
            Detach(node);
            _nodes.Remove(node.Id);
            node = directory;
        }
    }
}
