using System.Diagnostics;

namespace LLMOS.Inference.KvCache;

/// <summary>
/// Saved KV in host memory and, past its limit, on disk. Counts in cells' worth, as planners do. Files are written and read on threads of their own: what is being written can still be read
/// from memory, and what has to be read keeps nobody waiting but its own sequences. Belongs to the owner thread.
/// </summary>
internal sealed class StateStore(int hostCells, int diskCells, Func<SpillFolder>? makeFolder, Func<StateOrigin> origin, Action wake) : IDisposable
{
    /// <summary>Bytes that may wait to be written; past them nothing more is moved to disk.</summary>
    internal const long MostWaiting = 64 << 20;

    private readonly DiskWorkers _disk = new(wake);
    private readonly Lazy<StateOrigin> _origin = new(origin);
    private readonly Lock _folders = new();
    private SpillFolder? _folder;
    private long _waiting;
    private long _files;

    /// <summary>Told, between two steps, of each write that failed: what was to be written, why it was not, and whether it is lost.</summary>
    public Action<StoredState, StateException, bool>? WriteFailed { get; set; }

    /// <summary>Bytes that wait to be written.</summary>
    public long BytesWaiting => _waiting;

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
        var stored = new StoredState(start, end, state);
        Count(stored, StateTier.Host);
        return stored;
    }

    /// <summary>Begins to move bytes from host memory to disk. From here on they are counted there.</summary>
    /// <exception cref="StateException">There is no room, or more waits to be written than may; they are still in host memory.</exception>
    public void Spill(StoredState stored)
    {
        if (stored.Tier != StateTier.Host || stored.Memory is not { } memory)
            return;
        if (stored.Cells > FreeDiskCells)
            throw new StateException(SwapFallback.NoRoom, $"There is no room for {stored.Cells} cells among the {FreeDiskCells} that are left on disk: raise DiskCells.");
        if (_waiting > 0 && _waiting + stored.Bytes > MostWaiting)
            throw new StateException(SwapFallback.NoRoom, $"{_waiting} bytes of KV wait to be written to disk, which is too slow for more: raise HostCells, or set SpillFolder to a quicker disk.");
        _waiting += stored.Bytes;
        Count(stored, StateTier.Disk);
        var number = ++_files;
        _disk.Do(() =>
        {
            var (path, problem) = Write(number, stored.Start, stored.End, memory);
            return () => Written(stored, path, problem);
        });
    }

    /// <summary>Whether a state can be read now. If not, its file is being read from here on.</summary>
    public bool IsAtHand(StoredState stored)
    {
        if (!stored.IsAway)
            return true;
        if (!stored.IsReading)
        {
            stored.IsReading = true;
            var path = stored.File!;
            _disk.Do(() =>
            {
                var began = Stopwatch.GetTimestamp();
                var (bytes, problem) = Load(path, stored.Start, stored.End);
                var took = Stopwatch.GetElapsedTime(began);
                return () => (stored.IsReading, stored.Memory, stored.Problem, stored.ReadTook) = (false, bytes, problem, took);
            });
        }
        return false;
    }

    /// <summary>The bytes of a state that is at hand, checked if they come from disk. It stays kept.</summary>
    /// <exception cref="StateException">They could not be written or read, or are not what was written.</exception>
    public static ReadOnlyMemory<byte> Read(StoredState stored)
    {
        if (stored.Problem is { } problem)
            throw problem;
        return stored.Memory ?? throw new InvalidOperationException("A state that is not at hand was read.");
    }

    /// <summary>Takes up what the disk has done since, between two steps.</summary>
    public void TakeResults() => _disk.TakeResults();

    /// <summary>One more sequence uses a state.</summary>
    public static void AddUser(StoredState stored) => stored.Users++;

    /// <summary>A sequence uses a state no more; the last one's leaving frees it.</summary>
    public void Release(StoredState stored)
    {
        if (--stored.Users > 0)
            return;
        Count(stored, StateTier.None);
        Delete(stored);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder?.Dispose();
    }

    private void Count(StoredState stored, StateTier tier)
    {
        HostCellsUsed += (tier == StateTier.Host ? stored.Cells : 0) - (stored.Tier == StateTier.Host ? stored.Cells : 0);
        DiskCellsUsed += (tier == StateTier.Disk ? stored.Cells : 0) - (stored.Tier == StateTier.Disk ? stored.Cells : 0);
        stored.Tier = tier;
    }

    private void Written(StoredState stored, string path, StateException? problem)
    {
        _waiting -= stored.Bytes;
        stored.File = problem is null ? path : null;
        if (stored.Users == 0)
        {
            Delete(stored);
        }
        else if (problem is null)
        {
            stored.Memory = null;
        }
        else
        {
            // Back to host memory if there is room for it by now.
            var isLost = FreeHostCells < stored.Cells;
            Count(stored, isLost ? StateTier.None : StateTier.Host);
            if (isLost)
                (stored.Memory, stored.Problem) = (null, problem);
            WriteFailed?.Invoke(stored, problem, isLost);
        }
    }

    /// <summary>On a worker's thread.</summary>
    private (string Path, StateException? Problem) Write(long number, int start, int end, ReadOnlyMemory<byte> memory)
    {
        var path = "";
        for (var isRetry = false; ; isRetry = true)
        {
            SpillFolder? folder = null;
            try
            {
                lock (_folders)
                {
                    folder = _folder ??= makeFolder!();
                    path = folder.PathOf(number);
                }
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                StateFile.Write(file, _origin.Value, start, end, memory.Span);
                return (path, null);
            }
            catch (DirectoryNotFoundException) when (!isRetry && folder is not null)
            {
                // Someone removed the folder: the states in it are gone, and the next go to another.
                lock (_folders)
                {
                    folder.Dispose();
                    if (_folder == folder)
                        _folder = null;
                }
            }
            catch (Exception exception)
            {
                Delete(path);
                return (path, new StateException(SwapFallback.DiskWriteFailed, $"{memory.Length} bytes of KV could not be written to '{path}' ({exception.Message}): make room on that disk, or set SpillFolder.", exception));
            }
        }
    }

    /// <summary>On a worker's thread.</summary>
    private (ReadOnlyMemory<byte>? Bytes, StateException? Problem) Load(string path, int start, int end)
    {
        try
        {
            var state = StateFile.Read(File.ReadAllBytes(path), _origin.Value, $"The spill file '{path}'");
            return state.Start == start && state.End == end
                ? (state.Bytes, null)
                : (null, new StateException(SwapFallback.Damaged, $"The spill file '{path}' has the positions {state.Start} to {state.End}, not {start} to {end}: compute the sequence again."));
        }
        catch (StateException exception)
        {
            return (null, exception);
        }
        catch (Exception exception)
        {
            return (null, new StateException(SwapFallback.DiskReadFailed, $"The spill file '{path}' could not be read ({exception.Message}): compute the sequence again.", exception));
        }
    }

    private void Delete(StoredState stored)
    {
        stored.Memory = null;
        if (stored.File is not { } path)
            return;
        stored.File = null;
        _disk.Do(() =>
        {
            Delete(path);
            return static () => { };
        });
    }

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
