using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LLMOS.Kernel.Memory;

// Who wants to hear of changes.
public sealed partial class ContextRegionGrain
{
    private readonly HashSet<Channel<RegionInfo>> _watchers = [];

    public async IAsyncEnumerable<RegionInfo> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EnsureExists();

        // A watcher wants to know how the region is: what it did not take in time is replaced by what is newer.
        var changes = Channel.CreateBounded<RegionInfo>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers.Add(changes);
        try
        {
            changes.Writer.TryWrite((await GetInfoAsync())!);
            await foreach (var info in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return info;
            }
        }
        finally
        {
            _watchers.Remove(changes);
        }
    }

    private async Task TellWatchersAsync()
    {
        if (_watchers.Count > 0 && await GetInfoAsync() is { } info)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(info);
            }
        }
    }

    private void EndWatches()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryComplete();
        }
    }
}
