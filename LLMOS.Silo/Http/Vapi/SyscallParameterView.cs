namespace LLMOS.Silo.Http.Vapi;

/// <summary>An argument that a syscall takes.</summary>
internal sealed record SyscallParameterView(string Name, string Type, bool Required, IReadOnlyList<string> Choices);
