namespace LLMOS.Inference.Templates;

/// <summary>What rendering may cost: a template comes with a model that somebody downloaded, and must neither hang the silo nor fill its memory.</summary>
internal sealed record TemplateLimits
{
    public static TemplateLimits Default { get; } = new();

    /// <summary>The most characters a template's source may have.</summary>
    public int SourceCharacters { get; init; } = 1 << 20;

    /// <summary>The most characters one text, the prompt among them, may have.</summary>
    public int TextCharacters { get; init; } = 1 << 24;

    /// <summary>The most characters that all texts made on the way may have together.</summary>
    public long AllCharacters { get; init; } = 1 << 27;

    /// <summary>The most loop iterations, those of filters over lists included.</summary>
    public long Iterations { get; init; } = 1_000_000;

    /// <summary>The most steps: one for an evaluated expression or an element of a list, one for each few characters that are looked at.</summary>
    public long Steps { get; init; } = 20_000_000;

    /// <summary>How deep expressions, macros and values may nest.</summary>
    public int Depth { get; init; } = 400;
}
