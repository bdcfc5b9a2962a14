using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>Names: looking them up, making, moving and removing them.</summary>
internal sealed partial class VectorFolder
{
    private const uint NoReplace = 1;
    private const uint SizeIsSet = 1 << 3;
    private const uint HandleIsSet = 1 << 6;
    private const uint MayExecute = 1;
    private const uint MayWrite = 2;

    // What room there is, is the silo's to know; programs that ask before they copy must not be told that there is none.
    private const ulong NominalBlocks = 1UL << 28;
    private const uint NominalBlockSize = 4096;

    private async Task<FuseReply> LookUpAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var name = body.Name();
        if (!directory.IsStored || IsSearchRoot(directory, name))
        {
            return await LookUpSearchAsync(directory, name, cancellationToken);
        }

        var path = PathOf(directory, name);
        if (_tree.Child(directory, name) is { Open: { IsNew: true } unsaved })
        {
            var made = _tree.LookUp(directory, name, VfsNodeKind.File);
            return Entry(made, AttributesOf(made, unsaved));
        }

        var file = await FindAsync(path, cancellationToken) ?? throw new ErrnoException(Errno.ENOENT);
        var node = _tree.LookUp(directory, name, KindOf(file));

        Lead(node, file);

        // What a program has written and not saved yet is as long as it is here.
        return Entry(node, node.Open is { NeedsSaving: true } written ? AttributesOf(node, written) : AttributesOf(node, file));
    }

    private void Forget(FuseRequest request)
    {
        var body = request.Body;
        if (request.Opcode == FuseOpcode.Forget)
        {
            _tree.Forget(request.NodeId, body.UInt64());
            return;
        }

        var count = body.UInt32();
        body.Skip(sizeof(uint));
        for (var i = 0; i < count; i++)
        {
            _tree.Forget(body.UInt64(), body.UInt64());
        }
    }

    private async Task<FuseAttributes> AttributesAsync(VfsNode node, CancellationToken cancellationToken)
    {
        switch (node.Kind)
        {
            case VfsNodeKind.SearchRoot or VfsNodeKind.SearchFolder:
                return new FuseAttributes(node.Id, SearchMode, 0, _mounted);
            case VfsNodeKind.SearchHit:
                return new FuseAttributes(node.Id, LinkMode, Encoding.UTF8.GetByteCount(node.Target), _mounted);
        }

        if (node.Open is { NeedsSaving: true } unsaved)
        {
            return AttributesOf(node, unsaved);
        }

        if (await PathOfAsync(node, node.Open, cancellationToken) is { } path && await FindAsync(path, cancellationToken) is { } file && KindOf(file) == node.Kind)
        {
            node.Open?.Saw(file);
            Lead(node, file);
            return AttributesOf(node, file);
        }

        // A file that was removed is there for those who have it open.
        return node.Open is { } open ? AttributesOf(node, open) : throw new ErrnoException(Errno.ENOENT);
    }

    private async Task<FuseReply> SetAttributesAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var valid = body.UInt32();
        body.Skip(sizeof(uint));
        var (handle, size) = (body.UInt64(), body.UInt64());

        // Permissions, owners and times are VectorFS's own; a program that copies them along with a file is not to fail for that.
        if ((valid & SizeIsSet) != 0)
        {
            if (node.Kind != VfsNodeKind.File)
            {
                throw new ErrnoException(node.Kind == VfsNodeKind.Directory ? Errno.EISDIR : node.IsStored ? Errno.EINVAL : Errno.EROFS);
            }

            EnsureIsNoView(node);
            await ResizeAsync(node, (valid & HandleIsSet) != 0 ? Opened(handle) : null, size, cancellationToken);
        }
        else if (!node.IsStored)
        {
            throw new ErrnoException(Errno.EROFS);
        }

        return Attributes(await AttributesAsync(node, cancellationToken));
    }

    private async Task<FuseReply> MakeNodeAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var mode = body.UInt32();
        body.Skip(3 * sizeof(uint));
        var name = body.Name();
        var path = ChangedPathOf(directory, name);
        if ((mode & FuseAttributes.KindMask) is not (0 or FuseAttributes.RegularFile))
        {
            throw new ErrnoException(Errno.EPERM);
        }

        var file = await files.WriteAsync(path, "", expected: 0).OrAsync(Errno.EEXIST);
        var node = _tree.LookUp(directory, name, VfsNodeKind.File);
        return Entry(node, AttributesOf(node, file));
    }

    private async Task<FuseReply> MakeDirectoryAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        body.Skip(2 * sizeof(uint));
        var name = body.Name();
        var path = ChangedPathOf(directory, name);

        // VectorFS is content with a directory that is there; mkdir(2) is not.
        if (await files.StatAsync(path, followLink: false) is not null || _tree.Child(directory, name) is { Open.IsNew: true })
        {
            throw new ErrnoException(Errno.EEXIST);
        }

        var made = await files.MakeDirectoryAsync(path).OrAsync(Errno.EEXIST);
        var node = _tree.LookUp(directory, name, VfsNodeKind.Directory);
        return Entry(node, AttributesOf(node, made));
    }

    private async Task<FuseReply> UnlinkAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var name = body.Name();
        var path = ChangedPathOf(directory, name);
        var node = _tree.Child(directory, name);

        // A save that is under way is let end: it would bring back what is removed here.
        using (await EnterAsync(node?.Open))
        {
            // Under its other names the file goes on, with what is written through the one that goes.
            var others = 0;
            if (node is not { Open.IsNew: true })
            {
                others = node?.Open is null ? 0 : (await files.StatAsync(path, followLink: false))?.Links - 1 ?? 0;
                await files.RemoveAsync(path).OrAsync(Errno.EISDIR);
            }

            node?.Open?.LostName(others);
            if (node is not null)
            {
                _tree.Remove(node);
            }
        }

        return new FuseReply();
    }

    private async Task<FuseReply> RemoveDirectoryAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var name = body.Name();
        var path = ChangedPathOf(directory, name);
        var node = _tree.Child(directory, name);
        EnsureNothingUnsaved(node);
        await files.RemoveAsync(path).OrAsync(SystemViews.Is(path) ? Errno.EBUSY : Errno.ENOTEMPTY);
        if (node is not null)
        {
            _tree.Remove(node);
        }

        return new FuseReply();
    }

    private async Task<FuseReply> RenameAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var target = _tree.Get(body.UInt64());
        var flags = 0u;
        if (request.Opcode == FuseOpcode.Rename2)
        {
            flags = body.UInt32();
            body.Skip(sizeof(uint));
        }

        var (name, newName) = (body.Name(), body.Name());
        var (from, to) = (ChangedPathOf(directory, name), ChangedPathOf(target, newName));
        if ((flags & ~NoReplace) != 0)
        {
            throw new ErrnoException(Errno.EINVAL);
        }

        var node = _tree.Child(directory, name);
        var replaced = _tree.Child(target, newName);

        // The kernel lets nobody else at the two names meanwhile, so that no other request holds one of these and waits for the other.
        using (await EnterAsync(node?.Open))
        using (await EnterAsync(replaced == node ? null : replaced?.Open))
        {
            if (node?.Open is { } open)
            {
                await SaveAsync(node, open);
            }

            var there = await files.StatAsync(to, followLink: false);
            if ((flags & NoReplace) != 0 && (there is not null || replaced is { Open.IsNew: true }))
            {
                throw new ErrnoException(Errno.EEXIST);
            }

            if (there is null)
            {
                await files.MoveAsync(from, to).OrAsync(SystemViews.Is(from) ? Errno.EBUSY : Errno.EEXIST);
            }
            else
            {
                await ReplaceAsync(from, node?.Open, there, replaced);
            }

            if (node is not null)
            {
                _tree.Move(node, target, newName);
            }
            else if (replaced is not null)
            {
                _tree.Remove(replaced);
            }
        }

        return new FuseReply();
    }

    /// <summary>
    /// Moves over something that is there, as rename(2) does and VectorFS does not. A file becomes the other's next version: this is how many
    /// editors save, and the history of what they save is kept. Where a file has other names, or a symbolic link is there, only the name is replaced. Should it break off between the two steps, both are there.
    /// </summary>
    private async Task ReplaceAsync(string from, OpenFile? open, FileNode there, VfsNode? replaced)
    {
        var moving = await files.StatAsync(from, followLink: false) ?? throw new ErrnoException(Errno.ENOENT);
        if (moving.Kind == NodeKind.File && there.Kind == NodeKind.File && moving.Inode == there.Inode && moving.Links > 1)
        {
            // Two names of one file both stay, as rename(2) says. The kernel, which does not know that, looks the old one up anew.
            replaced?.Open?.LostName(there.Links);
            return;
        }

        if (moving.Kind == NodeKind.Directory && there.Kind != NodeKind.Directory)
        {
            throw new ErrnoException(Errno.ENOTDIR);
        }

        if (moving.Kind != NodeKind.Directory && there.Kind == NodeKind.Directory)
        {
            throw new ErrnoException(Errno.EISDIR);
        }

        if (moving.Kind != NodeKind.File || there.Kind != NodeKind.File || moving.Links > 1 || there.Links > 1)
        {
            EnsureNothingUnsaved(replaced);
            await files.RemoveAsync(there.Path).OrAsync(Errno.ENOTEMPTY);
            replaced?.Open?.LostName(there.Links - 1);
            await files.MoveAsync(from, there.Path).OrAsync(Errno.EEXIST);
            return;
        }

        var text = await files.ReadAsync(from, moving.Version);
        var written = await files.WriteAsync(there.Path, text).OrAsync(Errno.EISDIR);
        open?.Became(moving.Version, written);

        // The inode is the moved file's from now on: whoever has open what it was keeps that, without a name.
        foreach (var was in _tree.Opened().Select(node => node.Open).Where(was => was is not null && was != open && was.Inode == there.Inode))
        {
            was!.LostName(0);
        }

        await files.RemoveAsync(from);
    }

    private FuseReply Access(FuseRequest request)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var mask = body.UInt32();
        return FuseReply.Of(
            (mask & MayWrite) != 0 && !node.IsStored ? Errno.EROFS
            : (mask & MayExecute) != 0 && node.Kind == VfsNodeKind.File ? Errno.EACCES
            : Errno.None);
    }

    private static FuseReply Status() => new FuseReply()
        .UInt64(NominalBlocks).UInt64(NominalBlocks).UInt64(NominalBlocks)
        .UInt64(0).UInt64(0)
        .UInt32(NominalBlockSize)
        .UInt32(VfsPath.MaxNameLength)
        .UInt32(NominalBlockSize)
        .Zeros(7 * sizeof(uint));

    /// <summary>What is at a path; null for nothing, and for what can be no path, since nobody can have put anything there.</summary>
    private async Task<FileNode?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.StatAsync(path, followLink: false).WaitAsync(cancellationToken);
        }
        catch (LlmosException wrong) when (wrong.Code == LlmosErrorCode.InvalidArgument)
        {
            return null;
        }
    }

    private void EnsureNothingUnsaved(VfsNode? directory)
    {
        if (directory is not null && _tree.Children(directory).Any(child => child is { Open.IsNew: true }))
        {
            throw new ErrnoException(Errno.ENOTEMPTY);
        }
    }

    private static FuseAttributes AttributesOf(VfsNode node, FileNode file) => file is { Kind: NodeKind.File, Links: > 1 }
        ? new FuseAttributes(node.Id, ModeOf(file), file.Length, file.ModifiedAt) { Links = (uint)file.Links, Inode = SharedInode | (ulong)file.Inode }
        : new FuseAttributes(node.Id, ModeOf(file), file.Kind == NodeKind.SymbolicLink ? Encoding.UTF8.GetByteCount(node.Target) : file.Length, file.ModifiedAt);

    private static FuseAttributes AttributesOf(VfsNode node, OpenFile open) => new(node.Id, FileMode, open.Length, open.Changed)
    {
        Links = (uint)open.Links,
        Inode = open.Links > 1 ? SharedInode | (ulong)open.Inode : node.Id,
    };
}
