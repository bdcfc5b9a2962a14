using LLMOS.Client;

namespace LLMOS.Shell.Sessions;

/// <summary>A session for the time of one command: one of its own, which ends with it, or that of the interactive shell.</summary>
internal sealed class SessionLease(Session session, bool owned) : IAsyncDisposable
{
    public Session Session { get; } = session;

    public LlmosClient Client => Session.Client;

    public ValueTask DisposeAsync() => owned ? Session.DisposeAsync() : ValueTask.CompletedTask;
}
