using System.Collections.Frozen;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The syscalls that this system can carry out, and why it cannot the others.</summary>
internal sealed class SyscallTable
{
    private const string Composition = "joining and dividing running processes and lending their attention is not in this system yet; spawn, send, share and swapModel are";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["merge"] = Composition,
        ["split"] = Composition,
        ["lendAttention"] = Composition,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, SyscallHandler> _handlers;

    public SyscallTable(IEnumerable<ISyscallSet> sets) =>
        _handlers = sets.SelectMany(set => set.Handlers).ToFrozenDictionary(handler => handler.Name, StringComparer.Ordinal);

    /// <summary>What a syscall is and how it is carried out.</summary>
    /// <exception cref="LlmosException">There is no such syscall, or its part of the system is not there.</exception>
    public (SyscallDefinition Definition, SyscallHandler Handler) Get(string name)
    {
        var definition = SyscallCatalog.Find(name) ?? throw new LlmosException(
            LlmosErrorCode.NotFound, $"'{(name.Length <= 40 ? name : name[..40] + "…")}' is no syscall: help lists them.")
        {
            Syscall = name.Length <= 40 ? name : name[..40],
        };
        return _handlers.TryGetValue(name, out var handler)
            ? (definition, handler)
            : throw SyscallErrors.NotAvailable(name, null, $"It is not available: {Reasons.GetValueOrDefault(name, "this silo does not have it")}.");
    }
}
