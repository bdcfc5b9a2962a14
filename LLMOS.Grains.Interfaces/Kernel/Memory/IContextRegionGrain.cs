using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
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

    /// <summary>Makes the region, if no other owner did, without writing it down: it is stored with what <see cref="AppendAllAsync"/> first puts into it, and is gone if it never does.</summary>
    /// <returns>False when the region belongs to another owner.</returns>
    [Alias("Open")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Verb = "open a context region")]
    Task<bool> OpenAsync(string owner);

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
    /// <param name="entry">The text.</param>
    /// <param name="expected">The version of the region that the writer has read; null to append to whatever is there.</param>
    /// <returns>The region's version after it.</returns>
    /// <exception cref="LlmosException">There is no such region, it has no room, or somebody else wrote to it meanwhile: the message has its version.</exception>
    [Alias("Append")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "append", RecordFirst = true)]
    Task<long> AppendAsync(ContextEntry entry, long? expected = null);

    /// <summary>Appends texts in their order, with as many writes as they fill pages: all of them, or none where there is no room. Those whose ids are there already are left out.</summary>
    /// <param name="entries">The texts.</param>
    /// <param name="owner">Who makes the region where there is none; null where it has to be there.</param>
    /// <returns>The region's version after it.</returns>
    /// <exception cref="LlmosException">There is no such region, or it has no room for all of them.</exception>
    [Alias("AppendAll")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "append", RecordFirst = true)]
    Task<long> AppendAllAsync(ImmutableArray<ContextEntry> entries, string? owner = null);

    /// <summary>The newest entries that fit into a number of tokens together, oldest first.</summary>
    [Alias("Tail"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<ImmutableArray<ContextEntry>> TailAsync(int maxTokens);

    /// <summary>All entries, oldest first.</summary>
    [Alias("Read"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<ImmutableArray<ContextEntry>> ReadAsync();

    /// <summary>
    /// What of the region is in the window of the caller's turn: all of it where it fits; else the newest pages, those that are pinned, those that are near to what the turn is about, and
    /// summaries of what is left out.
    /// </summary>
    [Alias("Fit")]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<ContextView> FitAsync(ContextDemand demand);

    /// <summary>Cuts the region into pages of another size, counted by the tokens of another model. The entries stay as they are, byte for byte.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pageTokens">Tokens of a page; an entry that is longer has one to itself.</param>
    /// <param name="tokens">How many tokens each entry is for that model.</param>
    /// <param name="version">The version of the region whose entries those are.</param>
    /// <returns>False when the region has another version by now; nothing is changed then.</returns>
    [Alias("Repage")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Verb = "write to a context region")]
    Task<bool> RepageAsync(string model, int pageTokens, ImmutableArray<int> tokens, long version);

    /// <summary>Whether somebody may read the region; for listings, which leave out what they may not show without a refusal in the audit log for each.</summary>
    [Alias("IsReadableBy"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.Administer)]
    Task<bool> IsReadableByAsync(Caller caller);

    /// <summary>Refuses whoever may not write into the region; it changes nothing.</summary>
    [Alias("EnsureWritable"), ReadOnly]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Verb = "write to a context region")]
    Task EnsureWritableAsync();

    /// <summary>Its pages, oldest first.</summary>
    [Alias("Pages"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Verb = "read a context region")]
    Task<ImmutableArray<RegionPage>> ListPagesAsync();

    /// <summary>Keeps a page in the windows of those that read the region, as far as there is room, or lets it go.</summary>
    /// <param name="page">Its number, from 0 on.</param>
    /// <param name="isPinned">Whether it stays.</param>
    [Alias("Pin")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "pin", RecordFirst = true)]
    Task PinAsync(int page, bool isPinned);

    /// <summary>What a summary is to be made of; null when it was made by a model, or its pages are gone.</summary>
    [Alias("SummaryWork")]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    Task<SummaryWork?> GetSummaryWorkAsync(Guid summary);

    /// <summary>Puts a summary in the place of the extract. One that is too long is cut to its best sentences; one whose pages are gone changes nothing.</summary>
    [Alias("SetSummary")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "append")]
    Task SetSummaryAsync(Guid summary, string text, string author);

    /// <returns>Null when the region was never made.</returns>
    [Alias("Info"), ReadOnly]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Verb = "read a context region")]
    Task<RegionInfo?> GetInfoAsync();

    /// <summary>Makes the region for a purpose and with a limit. Doing it again for the same owner changes nothing.</summary>
    /// <param name="owner">Who makes it.</param>
    /// <param name="purpose">What it is for, in words.</param>
    /// <param name="maxTokens">Tokens that it may hold; null for no limit.</param>
    /// <exception cref="LlmosException">It belongs to another owner, or the limit is not positive.</exception>
    [Alias("Allocate")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Target, Syscall = "malloc", RecordFirst = true)]
    Task<RegionInfo> AllocateAsync(string owner, string purpose, long? maxTokens);

    /// <summary>
    /// How the region is now, and how it is after each change: those that follow each other fast are shown as the last of them. It ends when the region is freed, or with the silo that tells it.
    /// </summary>
    /// <exception cref="LlmosException">There is no such region.</exception>
    [Alias("Watch"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Target, Syscall = "cat")]
    IAsyncEnumerable<RegionInfo> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Lets a process read the region, or read and write it. What was said last holds: one that could write can only read after it is shared for reading.</summary>
    /// <exception cref="LlmosException">There is no such region, no such process, or the process is isolated.</exception>
    [Alias("Share")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Owner, Syscall = "share", RecordFirst = true)]
    Task ShareAsync(long pid, bool write);

    /// <summary>Gives the region and its pages back.</summary>
    /// <exception cref="LlmosException">There is no such region.</exception>
    [Alias("Free")]
    [Requires(Permissions.WriteContext, Scope = AccessScope.Owner, Syscall = "free", RecordFirst = true)]
    Task FreeAsync();
}
