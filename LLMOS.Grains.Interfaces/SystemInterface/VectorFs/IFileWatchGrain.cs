using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Tells those that watch VectorFS what changes in it. One grain, of the key 0, which keeps nothing.</summary>
[Alias("llmos.IFileWatchGrain")]
public interface IFileWatchGrain : IGrainWithIntegerKey
{
    /// <summary>What changes at a path and below it from now on, in the order in which it is heard of. It ends with the silo that tells it.</summary>
    /// <param name="path">The path; nothing need be there yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LlmosException">It is no path.</exception>
    [Alias("Watch"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Verb = "watch files")]
    IAsyncEnumerable<FileEvent> WatchAsync(string path, CancellationToken cancellationToken);

    /// <summary>Says that something changed.</summary>
    [Alias("Tell"), OneWay, AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task TellAsync(FileEvent change);
}
