using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Conversations;

/// <summary>A response that was given over HTTP and is kept, so that it can be read again and gone on from. The grain's key is its id.</summary>
[Alias("llmos.IStoredResponseGrain")]
public interface IStoredResponseGrain : IGrainWithStringKey
{
    /// <summary>How long a response is kept, and the process that goes on from it.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Keeps it.</summary>
    [Alias("Store")]
    [Requires(Privileges = Privileges.Administer)]
    Task StoreAsync(StoredResponse response);

    /// <summary>The response; null where none is kept.</summary>
    [Alias("Find")]
    [Requires(Privileges = Privileges.Administer)]
    Task<StoredResponse?> FindAsync();

    /// <summary>Asks for the process that gave the response, to go on in it: the first who asks gets it, and others go on from what was said.</summary>
    [Alias("Claim")]
    [Requires(Privileges = Privileges.Administer)]
    Task<bool> ClaimAsync();

    /// <summary>Forgets it.</summary>
    /// <returns>What was kept, and whether its process waits for somebody to go on; null where nothing was kept.</returns>
    [Alias("Delete")]
    [Requires(Privileges = Privileges.Administer)]
    Task<DeletedResponse?> DeleteAsync();
}
