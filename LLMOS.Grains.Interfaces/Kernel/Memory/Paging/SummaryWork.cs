namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Pages that a model is to summarise.</summary>
/// <param name="Text">What they say, or what the summaries say that this one is to be made of.</param>
/// <param name="Tokens">How long the summary may be.</param>
/// <param name="FirstPage">The first of the pages.</param>
/// <param name="Pages">How many they are.</param>
[GenerateSerializer, Immutable, Alias("llmos.summary-work")]
public sealed record SummaryWork(
    [property: Id(0)] string Text,
    [property: Id(1)] int Tokens,
    [property: Id(2)] int FirstPage,
    [property: Id(3)] int Pages)
{
    /// <summary>The author of a summary that no model wrote.</summary>
    public const string Extract = "extract";
}
