namespace LLMOS.Cognition.Inference;

/// <summary>How tokens are chosen.</summary>
[GenerateSerializer, Immutable, Alias("llmos.sampling")]
public sealed record SamplingOptions
{
    /// <summary>0 for greedy; higher is more random.</summary>
    [Id(0)] public float Temperature { get; init; } = 0.7f;

    /// <summary>Keep so many of the likeliest tokens; 0 for all.</summary>
    [Id(1)] public int TopK { get; init; } = 40;

    /// <summary>Keep the likeliest tokens up to this share of probability, 0 to 1.</summary>
    [Id(2)] public float TopP { get; init; } = 0.95f;

    /// <summary>Keep tokens at least so likely, relative to the likeliest; 0 for all.</summary>
    [Id(3)] public float MinP { get; init; }

    [Id(4)] public ulong Seed { get; init; }

    /// <summary>A GBNF grammar that the text has to follow; empty for none.</summary>
    [Id(5)] public string Grammar { get; init; } = "";

    /// <summary>Texts that end the generation and are not part of it.</summary>
    [Id(6)] public string[] Stop { get; init; } = [];

    /// <summary>Keeps generating when the model would end; for benchmarks.</summary>
    [Id(7)] public bool IgnoreEndOfSequence { get; init; }
}
