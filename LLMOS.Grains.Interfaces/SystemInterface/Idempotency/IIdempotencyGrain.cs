using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Idempotency;

/// <summary>
/// Remembers the answers of requests that came with a key, so that one that is sent again has the first answer and no second effect. Each grain keeps those of one
/// bucket of keys, for a day.
/// </summary>
[Alias("llmos.IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithIntegerKey
{
    /// <summary>How many buckets there are: the keys of the grains are 0 to this.</summary>
    const int Buckets = 1_024;

    /// <summary>Notes that a request is about to be carried out, durably, unless its key was seen.</summary>
    /// <param name="key">The principal and its key, hashed.</param>
    /// <param name="request">What is asked for, hashed.</param>
    /// <exception cref="LlmosException">There are too many keys.</exception>
    [Alias("Begin")]
    [Requires(Privileges = Privileges.Administer)]
    Task<IdempotencyClaim> BeginAsync(string key, string request);

    /// <summary>Keeps the answer; when it returns the answer is durable.</summary>
    [Alias("Complete")]
    [Requires(Privileges = Privileges.Administer)]
    Task CompleteAsync(string key, StoredAnswer answer);

    /// <summary>Notes that a request ended without an answer that tells whether it had its effect: its key is used up.</summary>
    [Alias("Doubt")]
    [Requires(Privileges = Privileges.Administer)]
    Task DoubtAsync(string key);

    /// <summary>Forgets a request that had no effect, so that its key can be used again.</summary>
    [Alias("Abandon")]
    [Requires(Privileges = Privileges.Administer)]
    Task AbandonAsync(string key);
}
