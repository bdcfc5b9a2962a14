using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>The keys of programs that come over HTTP. Key 0.</summary>
[Alias("llmos.IApiKeysGrain")]
public interface IApiKeysGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a key; its id, its times and its secret are made here.</summary>
    /// <exception cref="LlmosException">The principal is no name, the role cannot be given, or the rate is below 1.</exception>
    [Alias("Create")]
    [Requires(Privileges = Privileges.Administer, Syscall = "createkey", RecordFirst = true)]
    Task<IssuedApiKey> CreateAsync(ApiKey key);

    /// <summary>All keys, the oldest first, revoked ones too.</summary>
    [Alias("List")]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<ApiKey>> ListAsync();

    /// <summary>Ends a key: the next request that shows it is refused. Doing it again changes nothing.</summary>
    /// <exception cref="LlmosException">There is no such key.</exception>
    [Alias("Revoke")]
    [Requires(Privileges = Privileges.Administer, Syscall = "revokekey", RecordFirst = true)]
    Task<ApiKey> RevokeAsync(string id);

    /// <summary>The key that has a secret, revoked or not; null for none.</summary>
    [Alias("Find")]
    [Requires(Privileges = Privileges.Administer)]
    Task<ApiKey?> FindAsync(string secret);
}
