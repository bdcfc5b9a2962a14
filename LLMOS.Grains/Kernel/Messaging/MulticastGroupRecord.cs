namespace LLMOS.Kernel.Messaging;

/// <summary>What is stored of a multicast group.</summary>
[GenerateSerializer, Alias("llmos.multicast-group-record")]
public sealed class MulticastGroupRecord
{
    [Id(0)] public SortedSet<long> Members { get; set; } = [];

    /// <summary>The principal of its first member; empty in one of an older release.</summary>
    [Id(1)] public string Owner { get; set; } = "";
}
