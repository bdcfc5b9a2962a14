using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>Open files. What a program writes becomes one version when it closes the file, or syncs it.</summary>
internal sealed partial class VectorFolder
{
    // The kernel keeps no pages of files: they are others' to change at any time, and what is appended goes to the end that VectorFS knows of.
    private const uint DirectIO = 1;

    /// <summary>Saves what programs have written and not closed, when the folder is taken away from under them.</summary>
    public async Task SaveAllAsync()
    {
        foreach (var node in _tree.Opened())
        {
            if (node.Open is { } open)
            {
                using (await EnterAsync(open))
                {
                    try
                    {
                        await SaveAsync(node, open);
                    }
                    catch (Exception failed) when (failed is ErrnoException or LlmosException || Failure.SentenceOf(failed) is not null)
                    {
                        // It was reported; the others are saved nevertheless.
                    }
                }
            }
        }
    }

    private async Task<FuseReply> CreateAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var flags = (OpenFlags)body.UInt32();
        body.Skip(3 * sizeof(uint));
        var name = body.Name();
        var path = ChangedPathOf(directory, name);
        var exclusive = (flags & OpenFlags.Exclusive) != 0;
        var file = await FindAsync(path, cancellationToken);
        if (exclusive && (file is not null || _tree.Child(directory, name) is { Open.IsNew: true }))
        {
            throw new ErrnoException(Errno.EEXIST);
        }

        if (file is { Kind: NodeKind.Directory })
        {
            throw new ErrnoException(Errno.EISDIR);
        }

        // The kernel follows links before it asks: this one was made since.
        if (file is { Kind: NodeKind.SymbolicLink })
        {
            throw new ErrnoException(Errno.ESTALE);
        }

        var node = _tree.LookUp(directory, name, VfsNodeKind.File);
        try
        {
            var handle = await OpenAsync(node, file, flags, isCreation: true, cancellationToken);
            var attributes = file is null || handle.Open.NeedsSaving ? AttributesOf(node, handle.Open) : AttributesOf(node, file);
            var id = Add(handle);
            return Entry(node, attributes, () => Drop(id)).Handle(id, DirectIO);
        }
        catch
        {
            _tree.Forget(node.Id, 1);
            throw;
        }
    }

    private async Task<FuseReply> OpenAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var flags = (OpenFlags)body.UInt32();
        if (node.Kind != VfsNodeKind.File)
        {
            throw new ErrnoException(Errno.EISDIR);
        }

        if ((flags & OpenFlags.AccessMode) != OpenFlags.ReadOnly)
        {
            EnsureIsNoView(node);
        }

        var file = node.Open is not { IsNew: true } && await PathOfAsync(node, node.Open, cancellationToken) is { } path ? await FindAsync(path, cancellationToken) : null;
        if (file is null && node.Open is null)
        {
            throw new ErrnoException(Errno.ENOENT);
        }

        var id = Add(await OpenAsync(node, file, flags, isCreation: false, cancellationToken));
        return new FuseReply { Undelivered = () => Drop(id) }.Handle(id, DirectIO);
    }

    private async Task<FileHandle> OpenAsync(VfsNode node, FileNode? file, OpenFlags flags, bool isCreation, CancellationToken cancellationToken)
    {
        var open = _tree.Acquire(node);
        try
        {
            using (await EnterAsync(open, cancellationToken))
            {
                var handle = new FileHandle(node, open, flags);
                if ((flags & OpenFlags.Truncate) != 0 && handle.MayWrite && (file is not null || open.NeedsSaving || open.Links == 0))
                {
                    if (file is not null)
                    {
                        open.Saw(file);
                    }

                    open.Resize(0, time.GetUtcNow());
                    handle.HasBegun = true;
                }
                else if (file is not null)
                {
                    open.Saw(file);
                    await RefreshAsync(node, open, cancellationToken);
                }
                else if (isCreation && !open.IsNew)
                {
                    // It is made when it is saved, so that a new file's first version is what was written to it.
                    open.Begin((flags & OpenFlags.Exclusive) != 0, time.GetUtcNow());
                    handle.HasBegun = true;
                }

                return handle;
            }
        }
        catch
        {
            _tree.Release(node);
            throw;
        }
    }

    private async Task<FuseReply> ReadAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var handle = Opened(body.UInt64());
        var (offset, size) = (body.UInt64(), body.UInt32());
        using (await EnterAsync(handle.Open, cancellationToken))
        {
            await RefreshAsync(handle.Node, handle.Open, cancellationToken);
            var bytes = handle.Open.Read(offset, size);
            return new FuseReply(bytes.Length).Bytes(bytes);
        }
    }

    private async Task<FuseReply> WriteAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var handle = Opened(ReadWrite(request, out _, out _, out _));
        if (!handle.MayWrite)
        {
            throw new ErrnoException(Errno.EBADF);
        }

        using (await EnterAsync(handle.Open, cancellationToken))
        {
            await RefreshAsync(handle.Node, handle.Open, cancellationToken);
            ReadWrite(request, out var offset, out var bytes, out var flags);
            (handle.HasWritten, handle.HasFailed) = (true, false);
            if ((flags & OpenFlags.Append) != 0)
            {
                // The kernel's idea of where the end is may be a second old.
                handle.Open.Append(bytes, time.GetUtcNow());
            }
            else
            {
                handle.Open.Write(offset, bytes, time.GetUtcNow());
            }

            return new FuseReply().UInt32((uint)bytes.Length).UInt32(0);
        }
    }

    /// <summary>close(2) and fsync(2): what was written is saved, and the program is told when it cannot be. A file that was only made waits for the last close.</summary>
    private async Task<FuseReply> FlushAsync(FuseRequest request)
    {
        var body = request.Body;
        var handle = Opened(body.UInt64());
        using (await EnterAsync(handle.Open))
        {
            if (handle.HasWritten || request.Opcode == FuseOpcode.Sync)
            {
                await SaveAsync(handle);
            }
        }

        return new FuseReply();
    }

    /// <summary>The last close of a handle. What was written after closing, through a mapping or a duplicate, is saved here; nobody hears of an error.</summary>
    private async Task<FuseReply> ReleaseAsync(FuseRequest request)
    {
        var body = request.Body;
        var id = body.UInt64();
        var handle = Opened(id);
        try
        {
            using (await EnterAsync(handle.Open))
            {
                if (handle.HasFailed)
                {
                    handle.Open.Discard();
                }
                else
                {
                    await SaveAsync(handle);
                }
            }
        }
        finally
        {
            Drop(id);
        }

        return new FuseReply();
    }

    private async Task ResizeAsync(VfsNode node, FileHandle? handle, ulong size, CancellationToken cancellationToken)
    {
        var open = _tree.Acquire(node);
        try
        {
            using (await EnterAsync(open, cancellationToken))
            {
                if (!open.NeedsSaving && await PathOfAsync(node, open, cancellationToken) is { } path)
                {
                    var file = await FindAsync(path, cancellationToken) ?? throw new ErrnoException(Errno.ENOENT);
                    open.Saw(file);
                    await RefreshAsync(node, open, cancellationToken);
                }

                open.Resize(size, time.GetUtcNow());
                if (handle is not null)
                {
                    (handle.HasWritten, handle.HasFailed) = (true, false);
                    return;
                }

                try
                {
                    // truncate(2) has nothing to close.
                    await SaveAsync(node, open);
                }
                catch
                {
                    open.Discard();
                    throw;
                }
            }
        }
        finally
        {
            _tree.Release(node);
        }
    }

    /// <summary>Reads the newest version, unless the one that is here is that or has been changed.</summary>
    private async Task RefreshAsync(VfsNode node, OpenFile open, CancellationToken cancellationToken)
    {
        if (open.NeedsSaving || (open.Version is not null && !open.IsOutdated) || await PathOfAsync(node, open, cancellationToken) is not { } path)
        {
            return;
        }

        var file = await files.StatAsync(path, followLink: false).WaitAsync(cancellationToken) ?? throw new ErrnoException(Errno.ENOENT);
        open.Load(await files.ReadAsync(path, file.Version).WaitAsync(cancellationToken), file);
    }

    private async Task SaveAsync(FileHandle handle)
    {
        if (!handle.HasWritten && !handle.HasBegun)
        {
            return;
        }

        try
        {
            await SaveAsync(handle.Node, handle.Open);
            (handle.HasBegun, handle.HasWritten, handle.HasFailed) = (false, false, false);
        }
        catch
        {
            handle.HasFailed = true;
            throw;
        }
    }

    private async Task SaveAsync(VfsNode node, OpenFile open)
    {
        // What has no name any more goes with whoever has it open, as everywhere.
        if (!open.NeedsSaving || await PathOfAsync(node, open, CancellationToken.None) is not { } path)
        {
            return;
        }

        try
        {
            var text = open.TextToSave();
            var refused = open.IsNew ? Errno.EEXIST : Errno.ESTALE;
            var saved = open.IsAppended
                ? await files.AppendAsync(path, text).OrAsync(refused)
                : await files.WriteAsync(path, text, open.Expected).OrAsync(refused);
            open.Saved(saved);
        }
        catch (Exception failed)
        {
            report($"{path} was not saved: {(Failure.SentenceOf(failed) ?? failed.Message).ReplaceLineEndings(" ").TrimEnd('.')}.");
            throw;
        }
    }

    /// <summary>Where a file is in VectorFS: where the name that it was opened by was removed, under another one. Null when it has none, or none any more.</summary>
    private async Task<string?> PathOfAsync(VfsNode node, OpenFile? open, CancellationToken cancellationToken)
    {
        var path = _tree.PathOf(node);
        if (path is not null || open is not { Inode: > 0, Links: > 0 })
        {
            return path;
        }

        var file = await files.StatInodeAsync(open.Inode).WaitAsync(cancellationToken);
        if (file is null)
        {
            open.LostName(0);
        }

        return file?.Path;
    }

    private static ulong ReadWrite(FuseRequest request, out ulong offset, out ReadOnlySpan<byte> bytes, out OpenFlags flags)
    {
        var body = request.Body;
        var handle = body.UInt64();
        offset = body.UInt64();
        var size = body.UInt32();
        body.Skip(sizeof(uint) + sizeof(ulong));
        flags = (OpenFlags)body.UInt32();
        body.Skip(sizeof(uint));
        bytes = body.Bytes((int)Math.Min(size, int.MaxValue));
        return handle;
    }

    private ulong Add(FileHandle handle)
    {
        var id = Interlocked.Increment(ref _lastHandle);
        _opened[id] = handle;
        return id;
    }

    private void Drop(ulong id)
    {
        if (_opened.TryRemove(id, out var handle))
        {
            _tree.Release(handle.Node);
        }
    }

    private FileHandle Opened(ulong id) => _opened.GetValueOrDefault(id) ?? throw new ErrnoException(Errno.EBADF);

    /// <summary>Waits until nobody else is at a file's content; at once where there is none.</summary>
    private static async Task<IDisposable?> EnterAsync(OpenFile? open, CancellationToken cancellationToken = default)
    {
        if (open is null)
        {
            return null;
        }

        await open.Gate.WaitAsync(cancellationToken);
        return new Entrance(open.Gate);
    }

    private sealed class Entrance(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
