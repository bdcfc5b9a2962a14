namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What a path of VectorFS leads to.</summary>
[GenerateSerializer, Alias("llmos.node-kind")]
public enum NodeKind
{
    Directory,

    File,

    /// <summary>A name that stands for another path: what is asked of it is asked of what is there.</summary>
    SymbolicLink,
}
