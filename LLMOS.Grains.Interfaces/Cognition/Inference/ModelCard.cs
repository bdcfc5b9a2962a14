namespace LLMOS.Cognition.Inference;

/// <summary>What an inference grain says of the model it runs.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Architecture">Its architecture as its file names it; <c>remote</c> for a server's.</param>
/// <param name="Parameters">How many weights; 0 when not known.</param>
/// <param name="SizeBytes">The size of its file; 0 when not known.</param>
/// <param name="ContextLength">Tokens that one sequence of it may have here.</param>
/// <param name="Device">The device slot that runs it.</param>
[GenerateSerializer, Immutable, Alias("llmos.model-card")]
public sealed record ModelCard(
    [property: Id(0)] string Name,
    [property: Id(1)] string Architecture,
    [property: Id(2)] long Parameters,
    [property: Id(3)] long SizeBytes,
    [property: Id(4)] int ContextLength,
    [property: Id(5)] string Device)
{
    /// <summary>Whether it calls functions: its chat template has a place for them.</summary>
    [Id(6)] public bool SupportsTools { get; init; }

    /// <summary>Whether it goes on with an answer that was cut short, from its tokens.</summary>
    [Id(7)] public bool CanContinue { get; init; }
}
