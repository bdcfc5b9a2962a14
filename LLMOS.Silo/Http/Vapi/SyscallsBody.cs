using System.Text.Json.Serialization;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Syscalls that are to be made one after the other.</summary>
/// <param name="Calls">The calls, as <c>{"syscall": name, "args": {…}}</c>.</param>
/// <param name="As">The PID or name of the process in whose place they are made; the caller's own when left out.</param>
internal sealed record SyscallsBody([property: JsonRequired] IReadOnlyList<SyscallCall> Calls, string? As = null);
