using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Boot;

/// <summary>Boots the system, once for each life of the cluster. One grain, key 0.</summary>
[Alias("llmos.IBootGrain")]
public interface IBootGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Runs the stages in order, yielding each as it completes; a system that is booted yields them at once, as they
    /// were. A stage that fails undoes those before it and names the part and the remedy.
    /// </summary>
    /// <exception cref="LlmosException">A stage failed.</exception>
    [Alias("Boot")]
    [Requires(Privileges = Privileges.Administer, Syscall = "boot")]
    IAsyncEnumerable<BootProgress> BootAsync(BootRequest request, CancellationToken cancellationToken);
}
