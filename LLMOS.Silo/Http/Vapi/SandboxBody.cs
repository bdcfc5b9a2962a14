using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a process is to be confined to. What is left out does not confine it.</summary>
internal sealed record SandboxBody
{
    /// <summary>Whether it has no part in the regions of others.</summary>
    public bool IsolatedContext { get; init; }

    /// <summary>Whether its tools may use the network.</summary>
    public bool AllowsNetwork { get; init; } = true;

    /// <summary>The only tools that it may run, by name.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Tokens that it may use over its whole life.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Tokens that a region may hold for it to append to.</summary>
    public long? MaxContextTokens { get; init; }

    /// <summary>Seconds that a turn may take.</summary>
    public double? MaxTurnSeconds { get; init; }

    /// <summary>Seconds that it may live.</summary>
    public double? MaxLifeSeconds { get; init; }

    public static SandboxBody Of(SandboxProfile profile) => new()
    {
        IsolatedContext = profile.IsolatedContext,
        AllowsNetwork = profile.AllowsNetwork,
        Tools = profile.Tools,
        MaxTokens = profile.MaxTokens,
        MaxContextTokens = profile.MaxContextTokens,
        MaxTurnSeconds = profile.MaxTurnTime?.TotalSeconds,
        MaxLifeSeconds = profile.MaxLifetime?.TotalSeconds,
    };

    public SandboxProfile ToProfile() => new()
    {
        IsolatedContext = IsolatedContext,
        AllowsNetwork = AllowsNetwork,
        Tools = Tools is null ? null : [.. Tools],
        MaxTokens = MaxTokens,
        MaxContextTokens = MaxContextTokens,
        MaxTurnTime = SpawnBody.Seconds(MaxTurnSeconds, "sandbox.maxTurnSeconds"),
        MaxLifetime = SpawnBody.Seconds(MaxLifeSeconds, "sandbox.maxLifeSeconds"),
    };
}
