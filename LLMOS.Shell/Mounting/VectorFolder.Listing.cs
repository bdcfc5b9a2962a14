using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>What is in a directory, and in the folder of a search.</summary>
internal sealed partial class VectorFolder
{
    private const int Page = 1_000;

    /// <summary>Most bytes of a listing that are sent at once; the kernel asks for a page or some.</summary>
    private const uint MaxListing = FuseProtocol.MaxWrite;

    private FuseReply OpenDirectory(FuseRequest request)
    {
        var node = _tree.Get(request.NodeId);
        if (node.Kind is VfsNodeKind.File or VfsNodeKind.SymbolicLink or VfsNodeKind.SearchHit)
        {
            throw new ErrnoException(Errno.ENOTDIR);
        }

        var id = Interlocked.Increment(ref _lastHandle);
        _listed[id] = new DirectoryHandle(node);
        return new FuseReply { Undelivered = () => _listed.TryRemove(id, out _) }.Handle(id, 0);
    }

    private FuseReply ReleaseDirectory(FuseRequest request)
    {
        var body = request.Body;
        _listed.TryRemove(body.UInt64(), out _);
        return new FuseReply();
    }

    private async Task<FuseReply> ReadDirectoryAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var handle = _listed.GetValueOrDefault(body.UInt64()) ?? throw new ErrnoException(Errno.EBADF);
        var (offset, size) = (body.UInt64(), body.UInt32());
        await handle.Gate.WaitAsync(cancellationToken);
        try
        {
            if (offset == 0)
            {
                handle.Names = await NamesAsync(handle.Node, cancellationToken);
            }

            var reply = new FuseReply((int)Math.Min(size, MaxListing));
            for (var i = (int)Math.Min(offset, (ulong)handle.Names.Count); i < handle.Names.Count; i++)
            {
                var (name, mode, nodeId) = handle.Names[i];
                if (!reply.TryName(name, nodeId, mode, (ulong)i + 1, (int)Math.Min(size, MaxListing)))
                {
                    break;
                }
            }

            return reply;
        }
        finally
        {
            handle.Gate.Release();
        }
    }

    private async Task<IReadOnlyList<ListedName>> NamesAsync(VfsNode node, CancellationToken cancellationToken)
    {
        var names = new List<ListedName>
        {
            new(".", FuseAttributes.Directory, node.Id),
            new("..", FuseAttributes.Directory, (node.Parent ?? node).Id),
        };
        switch (node.Kind)
        {
            // Every name is in it, so that it would be a list without an end.
            case VfsNodeKind.SearchRoot:
                return names;
            case VfsNodeKind.SearchFolder:
                node.Hits = await SearchAsync(node, cancellationToken);
                names.AddRange(node.Hits.Select(hit => new ListedName(hit.Name, FuseAttributes.SymbolicLink)));
                return names;
        }

        var path = PathOf(node);
        if (node == _tree.Root)
        {
            names.Add(new ListedName(SearchName, FuseAttributes.Directory));
        }

        var known = _tree.Children(node).ToDictionary(child => child.Name, StringComparer.Ordinal);
        for (var after = ""; await files.ListAsync(path, after, Page).WaitAsync(cancellationToken) is { IsEmpty: false } children; after = VfsPath.NameOf(children[^1].Path))
        {
            foreach (var child in children)
            {
                var name = VfsPath.NameOf(child.Path);
                known.Remove(name, out var there);
                if (!IsSearchRoot(node, name))
                {
                    names.Add(new ListedName(name, ModeOf(child), there?.Id ?? ListedName.UnknownNode));
                }
            }

            if (children.Length < Page)
            {
                break;
            }
        }

        names.AddRange(known.Values.Where(child => child is { Open.IsNew: true }).Select(child => new ListedName(child.Name, FuseAttributes.RegularFile, child.Id)));
        return names;
    }

    private async Task<FuseReply> LookUpSearchAsync(VfsNode directory, string name, CancellationToken cancellationToken)
    {
        switch (directory.Kind)
        {
            case VfsNodeKind.Directory:
                return await FoundAsync(_tree.LookUp(directory, name, VfsNodeKind.SearchRoot), cancellationToken);

            // Programs look for .git and the like wherever they are; nobody asks for what begins with a dot, or for nothing.
            case VfsNodeKind.SearchRoot when name[0] != '.' && !string.IsNullOrWhiteSpace(name):
                return await FoundAsync(_tree.LookUp(directory, name, VfsNodeKind.SearchFolder), cancellationToken);
            case VfsNodeKind.SearchFolder:
                directory.Hits ??= await SearchAsync(directory, cancellationToken);
                var hit = directory.Hits.FirstOrDefault(hit => hit.Name == name) ?? throw new ErrnoException(Errno.ENOENT);
                var link = _tree.LookUp(directory, name, VfsNodeKind.SearchHit);
                link.Target = hit.Target;
                return await FoundAsync(link, cancellationToken);
            default:
                throw new ErrnoException(directory.Kind == VfsNodeKind.SearchRoot ? Errno.ENOENT : Errno.ENOTDIR);
        }
    }

    private async Task<FuseReply> FoundAsync(VfsNode node, CancellationToken cancellationToken) => Entry(node, await AttributesAsync(node, cancellationToken));

    private async Task<IReadOnlyList<SearchHit>> SearchAsync(VfsNode folder, CancellationToken cancellationToken) =>
        SearchHit.Of(await files.SearchAsync(folder.Name, VfsPath.Root, SearchHit.Limit).WaitAsync(cancellationToken));
}
