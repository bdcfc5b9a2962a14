namespace LLMOS.Kernel.Resources;

/// <summary>An account as it is now.</summary>
[GenerateSerializer, Immutable, Alias("llmos.account-statement")]
public sealed record AccountStatement
{
    [Id(0)] public required string Account { get; init; }

    /// <summary>The account above it; empty for none.</summary>
    [Id(1)] public string Parent { get; init; } = "";

    [Id(2)] public AccountLimits Limits { get; init; } = AccountLimits.None;

    /// <summary>Tokens of this slice: what all below it spent.</summary>
    [Id(3)] public TokenBudget Budget { get; init; }

    /// <summary>Tokens held for turns that are under way.</summary>
    [Id(4)] public long Leased { get; init; }

    /// <summary>Tokens of the slice that are set aside for those who reserved them and which nobody else can have.</summary>
    [Id(5)] public long SetAside { get; init; }

    /// <summary>Tokens spent by all below it, ever.</summary>
    [Id(6)] public long TotalTokens { get; init; }

    [Id(7)] public long Processes { get; init; }

    [Id(8)] public long ContextTokens { get; init; }

    [Id(9)] public double GpuUnits { get; init; }

    /// <summary>When the next slice begins.</summary>
    [Id(10)] public DateTimeOffset NextSliceAt { get; init; }

    /// <summary>Messages that wait in the mailbox of the process whose account it is.</summary>
    [Id(11)] public long Messages { get; init; }

    /// <summary>Tokens that a request could still get in this slice; null when the account has no such limit.</summary>
    public long? Remaining => Limits.Tokens == 0 ? null : Math.Max(0, Budget.Remaining - Leased - SetAside);
}
