namespace LLMOS.Agents;

/// <summary>A process of a run.</summary>
[GenerateSerializer, Immutable, Alias("llmos.run-member")]
public sealed record RunMember(
    [property: Id(0)] string Role,
    [property: Id(1)] long Pid);
