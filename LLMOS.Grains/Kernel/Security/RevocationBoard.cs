using System.Collections.Concurrent;

namespace LLMOS.Kernel.Security;

/// <summary>
/// What was revoked from the processes of this silo while they ran. A turn carries the permissions that it began with;
/// the filter takes off what stands here, so that a revocation holds for the call after it.
/// </summary>
public sealed class RevocationBoard
{
    private readonly ConcurrentDictionary<long, Notice> _notices = new();

    /// <summary>Puts up what a process has lost, and stops what it reads.</summary>
    public void Revoke(long pid, Permissions permissions)
    {
        var notice = _notices.GetOrAdd(pid, static _ => new Notice());
        if (notice.Add(permissions).HasFlag(Permissions.ReadContext))
        {
            notice.Reading.Cancel();
        }
    }

    /// <summary>What a process has lost.</summary>
    public Permissions Of(long pid) => _notices.TryGetValue(pid, out var notice) ? notice.Lost : Permissions.None;

    /// <summary>Fires when READ_CONTEXT is revoked from a process.</summary>
    public CancellationToken Reading(long pid) => _notices.GetOrAdd(pid, static _ => new Notice()).Reading.Token;

    /// <summary>Takes down what stands of a process that has ended.</summary>
    public void Forget(long pid) => _notices.TryRemove(pid, out _);

    private sealed class Notice
    {
        private int _lost;

        public CancellationTokenSource Reading { get; } = new();

        public Permissions Lost => (Permissions)Volatile.Read(ref _lost);

        public Permissions Add(Permissions permissions) => (Permissions)Interlocked.Or(ref _lost, (int)permissions) | permissions;
    }
}
