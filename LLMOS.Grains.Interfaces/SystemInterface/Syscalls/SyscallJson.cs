using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Calls as JSON: <c>[{"syscall": name, "args": {…}}]</c>.</summary>
[JsonSerializable(typeof(ImmutableArray<SyscallCall>))]
public sealed partial class SyscallJson : JsonSerializerContext
{
    private static readonly SyscallJson Compact = new(Written(indented: false));
    private static readonly SyscallJson Indented = new(Written(indented: true));

    /// <summary>The calls as JSON text.</summary>
    public static string Write(ImmutableArray<SyscallCall> calls, bool indented = false) =>
        JsonSerializer.Serialize(calls, (indented ? Indented : Compact).ImmutableArraySyscallCall);

    /// <summary>Reads JSON text.</summary>
    /// <exception cref="LlmosException">It is no list of calls; the message says why.</exception>
    public static ImmutableArray<SyscallCall> Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(json, Compact.ImmutableArraySyscallCall);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw LlmosException.InvalidArgument($"This is no list of syscalls such as [{{\"syscall\":\"kill\",\"args\":{{\"pid\":42}}}}]: {wrong.Message}");
        }
    }

    private static JsonSerializerOptions Written(bool indented) =>
        new() { WriteIndented = indented, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };
}
