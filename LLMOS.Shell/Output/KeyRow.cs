using LLMOS.Kernel.Security;

namespace LLMOS.Shell.Output;

/// <summary>A key for HTTP, as <c>keys list -o json</c> lists it; its secret only where it was made just now.</summary>
internal sealed record KeyRow(string Id, string Principal, string Role, int? RequestsPerMinute, int Priority, string Account, long? Pid, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, string? Secret)
{
    public static KeyRow Of(ApiKey key, string? secret = null) => new(
        key.Id, key.Principal, key.Role.ToString().ToLowerInvariant(), key.RequestsPerMinute, key.Priority.Value, key.Account, key.Pid, key.CreatedAt, key.RevokedAt, secret);
}
