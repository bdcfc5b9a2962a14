using System.Collections.Immutable;
using System.Text.Json;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http;

/// <summary>The arguments of a syscall as a client sends them.</summary>
internal static class SyscallArgumentsJson
{
    /// <summary>The call; an argument that is null counts as not said. What is no value is for the dispatcher to refuse, which records it.</summary>
    public static SyscallCall Read(string syscall, IEnumerable<KeyValuePair<string, JsonElement>> arguments)
    {
        var args = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                args[name] = value.Deserialize<SyscallValue>()!;
            }
        }

        return new SyscallCall(syscall, args.ToImmutable());
    }
}
