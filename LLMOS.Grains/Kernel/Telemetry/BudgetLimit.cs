namespace LLMOS.Kernel.Telemetry;

/// <summary>Whose limit of tokens it was that a turn met.</summary>
internal enum BudgetLimit
{
    /// <summary>The hard cap of the process's slice, or of its sandbox.</summary>
    Process,

    /// <summary>The tokens of the process's life.</summary>
    Lifetime,

    /// <summary>An account above it.</summary>
    Account,
}
