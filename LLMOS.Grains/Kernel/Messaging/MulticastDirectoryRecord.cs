namespace LLMOS.Kernel.Messaging;

/// <summary>What is stored of the list of multicast groups.</summary>
[GenerateSerializer, Alias("llmos.multicast-directory-record")]
public sealed class MulticastDirectoryRecord
{
    [Id(0)] public HashSet<string> Groups { get; set; } = [];
}
