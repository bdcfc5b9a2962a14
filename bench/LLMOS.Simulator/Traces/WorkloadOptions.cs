namespace LLMOS.Simulator.Traces;

/// <summary>What a generated trace is like.</summary>
internal sealed record WorkloadOptions
{
    public int Requests { get; init; } = 10_000;

    /// <summary>Requests a second; arrivals are a Poisson process.</summary>
    public double Rate { get; init; } = 10;

    /// <summary>The median prompt, in tokens; lengths are log-normal.</summary>
    public int PromptTokens { get; init; } = 200;

    /// <summary>The median answer, in tokens; lengths are log-normal.</summary>
    public int OutputTokens { get; init; } = 100;

    /// <summary>The standard deviation of the logarithm of lengths: 0 for all alike, 1 for a heavy tail.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>Most tokens that a prompt, and most that an answer may have.</summary>
    public int MostTokens { get; init; } = 4096;

    /// <summary>Mean requests of a process tree.</summary>
    public int TreeSize { get; init; } = 4;

    /// <summary>System prompts that requests share; 0 for none.</summary>
    public int Prefixes { get; init; } = 16;

    /// <summary>Tokens of a shared prefix; they come in front of the prompt's own.</summary>
    public int PrefixTokens { get; init; } = 128;

    /// <summary>Shares of requests by class, REALTIME to IDLE.</summary>
    public IReadOnlyList<double> Mix { get; init; } = [0.02, 0.18, 0.5, 0.2, 0.1];

    public int Seed { get; init; } = 1;
}
