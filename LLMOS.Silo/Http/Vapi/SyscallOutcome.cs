using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a syscall gave, or failed with.</summary>
internal sealed record SyscallOutcome(
    string Syscall,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SyscallResultView? Result,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Problem? Problem);
