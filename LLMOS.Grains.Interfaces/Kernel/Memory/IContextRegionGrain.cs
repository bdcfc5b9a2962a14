using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory;

/// <summary>A context region: an ordered list of pages that processes read and write. The grain's key is its path.</summary>
[Alias("llmos.IContextRegionGrain")]
public interface IContextRegionGrain : IGrainWithStringKey
{
    /// <summary>Makes the region, if no other owner did.</summary>
    /// <returns>False when the region belongs to another owner.</returns>
    [Alias("Create")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "malloc", RecordFirst = true)]
    Task<bool> TryCreateAsync(string owner);

    /// <summary>
    /// Makes the region begin with what another one has now. Their pages are shared, not copied; what either gets later the other does not see.
    /// Doing it again, or to a region that was made before, changes nothing.
    /// </summary>
    /// <param name="source">The other region's path; one that was never made leaves this one empty.</param>
    /// <param name="owner">Whose this region is.</param>
    /// <returns>How many entries it inherited.</returns>
    [Alias("Inherit")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task<int> InheritAsync(string source, string owner);

    /// <summary>Adds a reference to each page of the region for another one that shares them.</summary>
    /// <returns>The pages, each with how many of its entries there are to share.</returns>
    [Alias("SharePages")]
    [Requires(Permissions.ReadContext, Privileges = Privileges.Administer)]
    Task<ImmutableArray<RegionPage>> SharePagesAsync();

    /// <summary>Appends text. An entry whose id is there already changes nothing.</summary>
    /// <returns>The region's version after it.</returns>
    [Alias("Append")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "append", RecordFirst = true)]
    Task<long> AppendAsync(ContextEntry entry);

    /// <summary>The newest entries that fit into a number of tokens together, oldest first.</summary>
    [Alias("Tail"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<ImmutableArray<ContextEntry>> TailAsync(int maxTokens);

    /// <summary>All entries, oldest first.</summary>
    [Alias("Read"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<ImmutableArray<ContextEntry>> ReadAsync();

    /// <returns>Null when the region was never made.</returns>
    [Alias("Info"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target)]
    Task<RegionInfo?> GetInfoAsync();

    /// <summary>Makes the region for a purpose and with a limit. Doing it again for the same owner changes nothing.</summary>
    /// <param name="owner">Who makes it.</param>
    /// <param name="purpose">What it is for, in words.</param>
    /// <param name="maxTokens">Tokens that it may hold; null for no limit.</param>
    /// <exception cref="LlmosException">It belongs to another owner, or the limit is not positive.</exception>
    [Alias("Allocate")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "malloc", RecordFirst = true)]
    Task<RegionInfo> AllocateAsync(string owner, string purpose, long? maxTokens);

    /// <summary>Lets a process read the region, or read and write it.</summary>
    /// <exception cref="LlmosException">There is no such region, no such process, or the process is isolated.</exception>
    [Alias("Share")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "share", RecordFirst = true)]
    Task ShareAsync(long pid, bool write);

    /// <summary>Gives the region and its pages back.</summary>
    /// <exception cref="LlmosException">There is no such region.</exception>
    [Alias("Free")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "free", RecordFirst = true)]
    Task FreeAsync();
}
