using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace LLMOS.Kernel.Security;

/// <summary>Keeps keys and the hashes of their secrets. A secret is 32 random bytes, so that one round of SHA-256 hides it: there is nothing to guess.</summary>
public sealed class ApiKeysGrain([PersistentState("api-keys")] IPersistentState<ApiKeysRecord> state, TimeProvider time) : Grain, IApiKeysGrain
{
    private const string Prefix = "llmos-";
    private const int IdLength = 8;
    private const int SecretBytes = 32;
    private const int MostKeys = 10_000;
    private const int LongestPrincipal = 64;

    public async Task<IssuedApiKey> CreateAsync(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Check(key);
        var id = NewId();
        var secret = $"{Prefix}{id}-{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var made = key with { Id = id, CreatedAt = time.GetUtcNow(), RevokedAt = null };
        state.State.Keys.Add(made);
        state.State.Hashes.Add(id, HashOf(secret));
        await SaveAsync();
        return new IssuedApiKey(made, secret);
    }

    public Task<ImmutableArray<ApiKey>> ListAsync() => Task.FromResult(state.State.Keys.ToImmutableArray());

    public async Task<ApiKey> RevokeAsync(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var place = state.State.Keys.FindIndex(key => key.Id == id);
        if (place < 0)
        {
            throw LlmosException.NotFound($"There is no key '{(id.Length <= 40 ? id : id[..40] + "…")}': llmos keys list shows those there are.");
        }

        if (state.State.Keys[place].RevokedAt is null)
        {
            state.State.Keys[place] = state.State.Keys[place] with { RevokedAt = time.GetUtcNow() };
            await SaveAsync();
        }

        return state.State.Keys[place];
    }

    public Task<ApiKey?> FindAsync(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var isOurs = secret.StartsWith(Prefix, StringComparison.Ordinal) && secret.Length > Prefix.Length + IdLength && secret[Prefix.Length + IdLength] == '-';
        var id = isOurs ? secret.Substring(Prefix.Length, IdLength) : "";
        return Task.FromResult(state.State.Hashes.TryGetValue(id, out var hash) && CryptographicOperations.FixedTimeEquals(hash, HashOf(secret))
            ? state.State.Keys.Find(key => key.Id == id)
            : null);
    }

    private static void Check(ApiKey key)
    {
        if (key.Principal.Length is 0 or > LongestPrincipal || key.Principal == Caller.KernelPrincipal || !key.Principal.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw LlmosException.InvalidArgument(
                $"'{(key.Principal.Length <= 80 ? key.Principal : key.Principal[..80] + "…")}' is no name of a principal: use 1 to {LongestPrincipal} letters, digits, '-', '_' and '.', and not '{Caller.KernelPrincipal}'.");
        }

        if (!Enum.IsDefined(key.Role) || key.Role == CallerRole.System)
        {
            throw LlmosException.InvalidArgument($"The role {key.Role} cannot be given: use guest, user, operator or admin.");
        }

        if (key.Pid < 1)
        {
            throw LlmosException.InvalidArgument($"{key.Pid} is no PID: use one from 1 up, or none for the principal's own calls.");
        }

        if (key.RequestsPerMinute < 1)
        {
            throw LlmosException.InvalidArgument($"A rate of {key.RequestsPerMinute} requests a minute lets nothing through: use 1 or more, or none for no limit.");
        }
    }

    private string NewId()
    {
        if (state.State.Keys.Count >= MostKeys)
        {
            throw new LlmosException(LlmosErrorCode.ResourceExhausted, $"There are {MostKeys} keys, and no more fit.");
        }

        while (true)
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
            if (!state.State.Hashes.ContainsKey(id))
            {
                return id;
            }
        }
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private async Task SaveAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
