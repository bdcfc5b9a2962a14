namespace LLMOS.Cognition.Inference;

/// <summary>Whether a silo takes an inference grain that was placed on it.</summary>
/// <param name="Accepted">Whether it does.</param>
/// <param name="Reason">A sentence, when it does not.</param>
/// <param name="Suggested">The silo that looks better from there; null when none does.</param>
/// <param name="Card">What runs there, when it does.</param>
[GenerateSerializer, Immutable, Alias("llmos.admission")]
public sealed record Admission(
    [property: Id(0)] bool Accepted,
    [property: Id(1)] string Reason,
    [property: Id(2)] SiloAddress? Suggested,
    [property: Id(3)] ModelCard? Card);
