using System.Collections.Immutable;
using System.Text.Json;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http;

/// <summary>The arguments of a syscall as a client sends them.</summary>
internal static class SyscallArgumentsJson
{
    /// <summary>The call; an argument that is null counts as not said.</summary>
    /// <exception cref="LlmosException">An argument is an object, or a list of such.</exception>
    public static SyscallCall Read(string syscall, IEnumerable<KeyValuePair<string, JsonElement>> arguments)
    {
        var args = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                continue;
            }

            try
            {
                args[name] = value.Deserialize<SyscallValue>()!;
            }
            catch (JsonException wrong)
            {
                throw LlmosException.InvalidArgument($"{syscall}, {(name.Length <= 60 ? name : name[..60] + "…")}: {wrong.Message.Split(" Path:")[0].TrimEnd('.')}.");
            }
        }

        return new SyscallCall(syscall, args.ToImmutable());
    }
}
