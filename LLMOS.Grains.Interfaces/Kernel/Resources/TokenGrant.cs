namespace LLMOS.Kernel.Resources;

/// <summary>The answer to a request for tokens.</summary>
[GenerateSerializer, Immutable, Alias("llmos.token-grant")]
public sealed record TokenGrant
{
    /// <summary>Tokens granted; 0 when it was refused.</summary>
    [Id(0)] public long Granted { get; init; }

    /// <summary>Why it was refused, as a sentence that names the account and the figures.</summary>
    [Id(1)] public string Reason { get; init; } = "";

    /// <summary>When asking again can succeed at the latest; something given back may make it sooner.</summary>
    [Id(2)] public DateTimeOffset RetryAt { get; init; }

    /// <summary>It was refused by a hard cap: who asked is to end.</summary>
    [Id(3)] public bool IsHardCap { get; init; }

    /// <summary>It would be refused at any time: more is asked for than the account ever has, or a quota is full.</summary>
    [Id(4)] public bool IsNever { get; init; }

    /// <summary>How often something had been given back when it was refused; see <see cref="IAccountGrain.WaitForRoomAsync"/>.</summary>
    [Id(5)] public long Releases { get; init; }
}
