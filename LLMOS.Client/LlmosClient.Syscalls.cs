using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Client;

/// <summary>Syscalls through the dispatcher, permissions, and the audit log.</summary>
public sealed partial class LlmosClient
{
    /// <summary>Makes a syscall. One that waits for a process waits until that has ended.</summary>
    /// <param name="call">The syscall with its arguments.</param>
    /// <param name="asPid">The process in whose place it is made; null for the caller's own.</param>
    /// <param name="vector">The embedding of a message's text; null for one that the kernel makes.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun goes on.</param>
    /// <exception cref="LlmosException">It is wrong, not allowed, not available or failed; it names the syscall and the argument.</exception>
    public async Task<SyscallResult> CallAsync(
        SyscallCall call, long? asPid = null, float[]? vector = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var dispatcher = Grains.GetGrain<ISyscallGrain>(0);
        var request = new SyscallRequest { Call = call, AsPid = asPid, Vector = vector ?? [] };
        while (true)
        {
            var result = await dispatcher.CallAsync(request).WaitAsync(cancellationToken);
            if (call.Name != "wait" || result is not ProcessResult { Process.State: not ProcessState.Terminated })
            {
                return result;
            }
        }
    }

    /// <summary>Takes permissions away from a process and from all that descends from it, for good.</summary>
    /// <returns>The permissions that it still has.</returns>
    /// <exception cref="LlmosException">There is no such process, or it is another's.</exception>
    public Task<Permissions> RevokeAsync(long pid, Permissions permissions) => Process(pid).RevokeAsync(permissions);

    /// <summary>Reads the audit log, oldest first.</summary>
    /// <param name="query">Which records; null for the newest hundred.</param>
    /// <exception cref="LlmosException">The caller is no administrator.</exception>
    public Task<ImmutableArray<AuditRecord>> QueryAuditAsync(AuditQuery? query = null) =>
        Grains.GetGrain<IAuditGrain>(0).QueryAsync(query ?? new AuditQuery());

    /// <summary>Looks through the whole audit log for the first record that is not as it was written.</summary>
    /// <exception cref="LlmosException">The caller is no administrator.</exception>
    public Task<AuditVerification> VerifyAuditAsync() => Grains.GetGrain<IAuditGrain>(0).VerifyAsync();
}
