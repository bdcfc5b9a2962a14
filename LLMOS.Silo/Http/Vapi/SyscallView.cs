using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A syscall of the catalog.</summary>
internal sealed record SyscallView(int Opcode, string Name, string Description, IReadOnlyList<SyscallParameterView> Parameters)
{
    public static SyscallView Of(SyscallDefinition definition) => new(
        definition.Opcode,
        definition.Name,
        definition.Description,
        [.. definition.Parameters.Select(parameter => new SyscallParameterView(parameter.Name, parameter.Type.ToString().ToLowerInvariant(), parameter.Required, parameter.Choices))]);
}
