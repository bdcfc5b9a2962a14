namespace LLMOS.Kernel.Resources;

/// <summary>What is stored of an account.</summary>
[GenerateSerializer, Alias("llmos.account-record")]
public sealed class AccountRecord
{
    /// <summary>False until the account is first used.</summary>
    [Id(0)] public bool IsOpen { get; set; }

    /// <summary>The account above it; empty for none.</summary>
    [Id(1)] public string Parent { get; set; } = "";

    [Id(2)] public AccountLimits Limits { get; set; } = AccountLimits.None;

    [Id(3)] public DateTimeOffset SliceStartedAt { get; set; }

    /// <summary>Tokens spent in this slice.</summary>
    [Id(4)] public long Consumed { get; set; }

    /// <summary>Tokens spent by holders that are forgotten.</summary>
    [Id(5)] public long Forgotten { get; set; }

    [Id(6)] public Dictionary<string, HolderState> Holders { get; set; } = [];

    /// <summary>Tokens of the last minute; kept while there is a rate limit on them.</summary>
    [Id(7)] public List<RateEntry> TokenRate { get; set; } = [];

    /// <summary>Requests of the last minute; kept while there is a rate limit on them.</summary>
    [Id(8)] public List<RateEntry> RequestRate { get; set; } = [];
}
