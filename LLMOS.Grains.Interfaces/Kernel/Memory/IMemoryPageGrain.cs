using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Memory;

/// <summary>A memory page: text, tokens, vector, owner and reference count. The grain's key is the page's id.</summary>
[Alias("llmos.IMemoryPageGrain")]
public interface IMemoryPageGrain : IGrainWithGuidKey
{
    /// <summary>Writes entries into the page. An entry whose id is there already changes nothing.</summary>
    /// <returns>The page as it is after it.</returns>
    [Alias("Write")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task<PageInfo> WriteAsync(string region, ImmutableArray<ContextEntry> entries);

    /// <summary>Writes a whole page: what was in it before is replaced.</summary>
    [Alias("Fill")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task FillAsync(string region, ImmutableArray<ContextEntry> entries);

    [Alias("Read"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.ManageProcesses, Verb = "read a page of memory")]
    Task<ImmutableArray<ContextEntry>> ReadAsync();

    /// <summary>The embedding of the page's text: unit length, the dimension of the system's vector space.</summary>
    [Alias("Vector"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.ManageProcesses, Verb = "read a page of memory")]
    Task<float[]> GetVectorAsync();

    /// <summary>What the page is about, for those that look for pages near to a text.</summary>
    [Alias("Sketch"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.ManageProcesses, Verb = "read a page of memory")]
    Task<PageSketch> GetSketchAsync();

    /// <summary>Adds a reference.</summary>
    [Alias("Retain")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task<int> RetainAsync();

    /// <summary>Drops a reference; with the last one the page is deleted.</summary>
    [Alias("Release")]
    [Requires(Permissions.WriteContext, Privileges = Privileges.Administer)]
    Task<int> ReleaseAsync();

    [Alias("Info"), ReadOnly]
    [Requires(Permissions.ReadContext, Privileges = Privileges.ManageProcesses, Verb = "read a page of memory")]
    Task<PageInfo> GetInfoAsync();
}
