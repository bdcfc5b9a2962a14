namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What a path of VectorFS leads to.</summary>
[GenerateSerializer, Alias("llmos.node-kind")]
public enum NodeKind
{
    Directory,

    File,
}
