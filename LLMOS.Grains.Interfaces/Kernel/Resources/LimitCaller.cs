using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Resources;

/// <summary>On whose behalf a limit or a priority is set.</summary>
/// <param name="Pid">The process that asks.</param>
/// <param name="Permissions">What it may do.</param>
[GenerateSerializer, Immutable, Alias("llmos.limit-caller")]
public readonly record struct LimitCaller(
    [property: Id(0)] long Pid,
    [property: Id(1)] Permissions Permissions);
