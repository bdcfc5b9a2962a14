using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The limits of a process and what is left of them.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Tokens">Tokens of its current time slice.</param>
/// <param name="Context">The window it thinks in, and how much of it its last turn used.</param>
/// <param name="UsedTokens">Tokens computed for it over its whole life by turns that were committed.</param>
/// <param name="Sandbox">What it is confined to; null for nothing.</param>
/// <param name="Statement">Every limit that <c>setrlimit</c> sets, and what it and its children use of them.</param>
[GenerateSerializer, Immutable, Alias("llmos.limits-result")]
public sealed record LimitsResult(
    [property: Id(0)] long Pid,
    [property: Id(1)] TokenBudget Tokens,
    [property: Id(2)] ContextWindow Context,
    [property: Id(3)] long UsedTokens,
    [property: Id(4)] SandboxProfile? Sandbox,
    [property: Id(5)] AccountStatement Statement) : SyscallResult;
