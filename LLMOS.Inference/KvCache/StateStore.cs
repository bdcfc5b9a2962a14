namespace LLMOS.Inference.KvCache;

/// <summary>Saved KV in host memory and, past its limit, on disk. Counts in cells' worth, as planners do. Belongs to the owner thread.</summary>
internal sealed class StateStore(int hostCells, int diskCells, Func<SpillFolder>? makeFolder, Func<StateOrigin> origin) : IDisposable
{
    private SpillFolder? _folder;
    private StateOrigin? _origin;

    public int HostCellsUsed { get; private set; }

    public int DiskCellsUsed { get; private set; }

    public int HostCells => hostCells;

    public int DiskCells => makeFolder is null ? 0 : diskCells;

    public int FreeHostCells => HostCells - HostCellsUsed;

    public int FreeDiskCells => DiskCells - DiskCellsUsed;

    /// <summary>Most cells that one state may have.</summary>
    public int Largest => Math.Max(HostCells, DiskCells);

    /// <summary>Keeps bytes in host memory.</summary>
    /// <exception cref="StateException">There is no room.</exception>
    public StoredState Keep(int start, int end, byte[] state)
    {
        if (end - start > FreeHostCells)
            throw new StateException(SwapFallback.NoRoom, $"There is no room for {end - start} cells among the {FreeHostCells} that are left in host memory: raise HostCells.");
        return Overdraw(start, end, state);
    }

    /// <summary>Keeps bytes in host memory, room or not, on their way to disk.</summary>
    public StoredState Overdraw(int start, int end, byte[] state)
    {
        HostCellsUsed += end - start;
        return new StoredState(start, end, state);
    }

    /// <summary>Moves bytes from host memory to disk.</summary>
    /// <exception cref="StateException">The disk is full or does not take them; they are still in host memory.</exception>
    public void Spill(StoredState stored)
    {
        if (stored.Memory is not { } memory)
            return;
        if (stored.Cells > FreeDiskCells)
            throw new StateException(SwapFallback.NoRoom, $"There is no room for {stored.Cells} cells among the {FreeDiskCells} that are left on disk: raise DiskCells.");
        var path = "";
        try
        {
            _folder ??= makeFolder!();
            _origin ??= origin();
            path = _folder.NewPath();
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            StateFile.Write(file, _origin, stored.Start, stored.End, memory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Delete(path);
            throw new StateException(SwapFallback.DiskWriteFailed, $"{stored.Bytes} bytes of KV could not be written to '{path}' ({exception.Message}): make room on that disk, or set SpillFolder.", exception);
        }
        stored.File = path;
        stored.Memory = null;
        HostCellsUsed -= stored.Cells;
        DiskCellsUsed += stored.Cells;
    }

    /// <summary>The bytes of a state, checked if they come from disk. It stays kept.</summary>
    /// <exception cref="StateException">They cannot be read, or are not what was written.</exception>
    public ReadOnlyMemory<byte> Read(StoredState stored)
    {
        if (stored.File is not { } path)
            return stored.Memory;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StateException(SwapFallback.DiskReadFailed, $"The spill file '{path}' could not be read ({exception.Message}): compute the sequence again.", exception);
        }
        var state = StateFile.Read(bytes, _origin!, $"The spill file '{path}'");
        if (state.Start != stored.Start || state.End != stored.End)
            throw new StateException(SwapFallback.Damaged, $"The spill file '{path}' has the positions {state.Start} to {state.End}, not {stored.Start} to {stored.End}: compute the sequence again.");
        return state.Bytes;
    }

    /// <summary>One more sequence uses a state.</summary>
    public static void AddUser(StoredState stored) => stored.Users++;

    /// <summary>A sequence uses a state no more; the last one's leaving frees it.</summary>
    public void Release(StoredState stored)
    {
        if (--stored.Users > 0)
            return;
        if (stored.File is { } path)
        {
            DiskCellsUsed -= stored.Cells;
            Delete(path);
        }
        else
        {
            HostCellsUsed -= stored.Cells;
        }
    }

    public void Dispose() => _folder?.Dispose();

    private static void Delete(string path)
    {
        try
        {
            if (path.Length > 0)
                File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Goes with its folder.
        }
    }
}
