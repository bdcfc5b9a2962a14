using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Each watcher has a queue of its own, and one that is full forgets the rest and says so: a slow watcher holds nobody up.</summary>
internal sealed class FileWatchGrain(TimeProvider time) : Grain, IFileWatchGrain
{
    private const int Waiting = 1_024;

    private readonly HashSet<Watcher> _watchers = [];

    public async IAsyncEnumerable<FileEvent> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = new Watcher(VfsPath.Normalize(path));
        _watchers.Add(watcher);
        try
        {
            while (await watcher.Changes.Reader.WaitToReadAsync(cancellationToken))
            {
                while (watcher.Changes.Reader.TryRead(out var change))
                {
                    yield return change;
                }

                if (watcher.HasMissed)
                {
                    watcher.HasMissed = false;
                    yield return new FileEvent(FileEventKind.Missed, watcher.Path, "", 0, "", time.GetUtcNow());
                }
            }
        }
        finally
        {
            _watchers.Remove(watcher);
        }
    }

    public Task TellAsync(FileEvent change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (var watcher in _watchers)
        {
            if (VfsPath.IsWithin(change.Path, watcher.Path) || (change.From.Length > 0 && VfsPath.IsWithin(change.From, watcher.Path))
                || (change.Kind is FileEventKind.Removed or FileEventKind.Moved && VfsPath.IsWithin(watcher.Path, change.From.Length > 0 ? change.From : change.Path)))
            {
                watcher.HasMissed |= !watcher.Changes.Writer.TryWrite(change);
            }
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Changes.Writer.TryComplete();
        }

        return Task.CompletedTask;
    }

    private sealed class Watcher(string path)
    {
        public string Path => path;

        public Channel<FileEvent> Changes { get; } = Channel.CreateBounded<FileEvent>(Waiting);

        public bool HasMissed { get; set; }
    }
}
