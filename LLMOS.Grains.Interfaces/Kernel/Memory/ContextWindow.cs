namespace LLMOS.Kernel.Memory;

/// <summary>How much of the model's window a process uses, and the region its context lies in.</summary>
/// <param name="MaxLength">Tokens the window holds.</param>
/// <param name="CurrentLength">Tokens of its last prompt and what it answered.</param>
/// <param name="Region">The path of its context region.</param>
[GenerateSerializer, Immutable, Alias("llmos.context-window")]
public readonly record struct ContextWindow(
    [property: Id(0)] int MaxLength,
    [property: Id(1)] int CurrentLength,
    [property: Id(2)] string Region);
