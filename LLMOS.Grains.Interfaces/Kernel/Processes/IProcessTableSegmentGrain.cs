using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// A segment of the process table: the processes whose PIDs lie in one block of <see cref="BlockSize"/>.
/// The table is cut so that entering a process writes one small record, however many there are. Key: PID / <see cref="BlockSize"/>.
/// </summary>
[Alias("llmos.IProcessTableSegmentGrain")]
public interface IProcessTableSegmentGrain : IGrainWithIntegerKey
{
    const int BlockSize = 128;

    [Alias("Enter"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task EnterAsync(ProcessTableEntry entry);

    /// <summary>Enters a process of which nothing is stored before it has ended.</summary>
    [Alias("EnterFleeting"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task EnterFleetingAsync(ProcessTableEntry entry);

    /// <summary>Takes one out again that was never started.</summary>
    [Alias("ForgetFleeting"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task ForgetFleetingAsync(long pid);

    /// <summary>Keeps the last PCB of a process that ended, so that its grain need not be woken to show it. That of a fleeting one is stored soon, and may be lost with the silo.</summary>
    [Alias("Reap"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task ReapAsync(ProcessControlBlock final);

    [Alias("Entries"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<ProcessTableEntry>> EntriesAsync();

    /// <summary>What is kept of one process; null for one that was never entered, or is lost.</summary>
    [Alias("Find"), AlwaysInterleave]
    [Requires]
    Task<ProcessTableEntry?> FindAsync(long pid);

    [Alias("Has"), AlwaysInterleave]
    [Requires]
    Task<bool> HasAsync(long pid);
}
