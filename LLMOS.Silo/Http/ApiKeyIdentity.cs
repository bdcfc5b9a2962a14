using System.Security.Claims;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http;

/// <summary>The principal of a key, where a protocol's library hands on who asks and not the request.</summary>
internal sealed class ApiKeyIdentity(ApiKey key) : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, key.Id), new Claim(ClaimTypes.Name, key.Principal)], "Bearer")
{
    public ApiKey Key => key;

    /// <summary>The key of whoever asks; null where none was needed.</summary>
    public static ApiKey? KeyOf(ClaimsPrincipal? user) => (user?.Identity as ApiKeyIdentity)?.Key;
}
