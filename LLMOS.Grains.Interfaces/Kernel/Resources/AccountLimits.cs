namespace LLMOS.Kernel.Resources;

/// <summary>What an account allows those who spend from it, all of them together. A limit of 0 is none.</summary>
[GenerateSerializer, Immutable, Alias("llmos.account-limits")]
public sealed record AccountLimits
{
    /// <summary>No limit of any kind.</summary>
    public static AccountLimits None { get; } = new();

    /// <summary>Tokens in a time slice.</summary>
    [Id(0)] public long Tokens { get; init; }

    /// <summary>The length of a time slice; positive.</summary>
    [Id(1)] public TimeSpan Slice { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a process that needs more than the slice has left ends, instead of waiting for the next one.</summary>
    [Id(2)] public bool HardCap { get; init; }

    /// <summary>Turns that begin to think, in any minute.</summary>
    [Id(3)] public long RequestsPerMinute { get; init; }

    /// <summary>Tokens in any minute, wherever the slices lie.</summary>
    [Id(4)] public long TokensPerMinute { get; init; }

    /// <summary>Processes that live at the same time.</summary>
    [Id(5)] public long Processes { get; init; }

    /// <summary>Tokens of context that the living processes hold.</summary>
    [Id(6)] public long ContextTokens { get; init; }

    /// <summary>Device slots that the living processes ask for.</summary>
    [Id(7)] public double GpuUnits { get; init; }

    /// <summary>Messages that may wait in the mailbox of a process; of a process alone, and never more than its silo allows.</summary>
    [Id(8)] public long Messages { get; init; }
}
