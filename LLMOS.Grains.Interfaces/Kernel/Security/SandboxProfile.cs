using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>What a process is confined to. What is null does not limit it. A child is confined at least as its parent is.</summary>
[GenerateSerializer, Immutable, Alias("llmos.sandbox")]
public sealed record SandboxProfile
{
    /// <summary>Whether it has no part in the regions of others: only its own, and none may be shared with it.</summary>
    [Id(0)] public bool IsolatedContext { get; init; }

    /// <summary>Whether its tools may use the network; whoever runs a tool asks.</summary>
    [Id(1)] public bool AllowsNetwork { get; init; }

    /// <summary>The tools it may run, by name; null for all that EXECUTE_TOOL allows.</summary>
    [Id(2)] public ImmutableArray<string>? Tools { get; init; }

    /// <summary>Tokens it may use over its whole life; with the turn that reaches them it ends.</summary>
    [Id(3)] public long? MaxTokens { get; init; }

    /// <summary>Tokens that a region may hold for it to append to.</summary>
    [Id(4)] public long? MaxContextTokens { get; init; }

    /// <summary>How long a turn may take, by the clock on the wall; the process ends with one that takes longer.</summary>
    [Id(5)] public TimeSpan? MaxTurnTime { get; init; }

    /// <summary>How long it may live, by the clock on the wall.</summary>
    [Id(6)] public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Whether a tool may be run.</summary>
    public bool Permits(string tool) => Tools is not { } tools || tools.Contains(tool);

    /// <summary>The profile of a child that asks for this one and whose parent has the other: of each limit the tighter.</summary>
    public SandboxProfile Within(SandboxProfile parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return new SandboxProfile
        {
            IsolatedContext = IsolatedContext || parent.IsolatedContext,
            AllowsNetwork = AllowsNetwork && parent.AllowsNetwork,
            Tools = Tools is not { } own ? parent.Tools : parent.Tools is not { } theirs ? own : [.. own.Where(tool => theirs.Contains(tool))],
            MaxTokens = Least(MaxTokens, parent.MaxTokens),
            MaxContextTokens = Least(MaxContextTokens, parent.MaxContextTokens),
            MaxTurnTime = Least(MaxTurnTime, parent.MaxTurnTime),
            MaxLifetime = Least(MaxLifetime, parent.MaxLifetime),
        };
    }

    private static T? Least<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is not { } a ? other : other is not { } b ? one : a.CompareTo(b) <= 0 ? a : b;
}
