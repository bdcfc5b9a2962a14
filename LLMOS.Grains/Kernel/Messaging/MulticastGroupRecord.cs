namespace LLMOS.Kernel.Messaging;

/// <summary>What is stored of a multicast group.</summary>
[GenerateSerializer, Alias("llmos.multicast-group-record")]
public sealed class MulticastGroupRecord
{
    [Id(0)] public SortedSet<long> Members { get; set; } = [];
}
