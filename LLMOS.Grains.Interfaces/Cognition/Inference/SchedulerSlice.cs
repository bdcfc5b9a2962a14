namespace LLMOS.Cognition.Inference;

/// <summary>A run of consecutive steps of an engine that one process had a part in.</summary>
/// <param name="Number">Names it on its engine; one that still grows keeps its number.</param>
/// <param name="Pid">Whose it was.</param>
/// <param name="Began">When it began.</param>
/// <param name="Duration">How long it was, so far.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="PrefillTokens">Tokens of prompts that were computed in them.</param>
/// <param name="DecodeTokens">Tokens of answers.</param>
[GenerateSerializer, Immutable, Alias("llmos.scheduler-slice")]
public sealed record SchedulerSlice(
    [property: Id(0)] long Number,
    [property: Id(1)] long Pid,
    [property: Id(2)] DateTimeOffset Began,
    [property: Id(3)] TimeSpan Duration,
    [property: Id(4)] int Steps,
    [property: Id(5)] int PrefillTokens,
    [property: Id(6)] int DecodeTokens);
