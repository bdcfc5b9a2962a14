using LLMOS.Client;

namespace LLMOS.Shell.Sessions;

/// <summary>A system that commands work with: an embedded silo, or a cluster that was joined.</summary>
internal abstract class Session : IAsyncDisposable
{
    public abstract LlmosClient Client { get; }

    /// <summary>Where this program keeps files: the silo's data folder, or the one of this user.</summary>
    public abstract string DataFolder { get; }

    /// <summary>The cluster's address; null for an embedded silo.</summary>
    public virtual string? Address => null;

    /// <summary>A sentence on the model that one should know before reading what it says; null for none.</summary>
    public virtual string? ModelNote => null;

    /// <summary>What a run is told of the model that was asked for, so that it thinks with the same when it is resumed.</summary>
    /// <exception cref="LlmosException">There is no such model, or it would not load.</exception>
    public abstract string ModelOf(string? requested);

    public abstract ValueTask DisposeAsync();
}
