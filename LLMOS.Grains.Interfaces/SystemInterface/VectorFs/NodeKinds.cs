namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What kinds of nodes are called.</summary>
public static class NodeKinds
{
    /// <summary>A word for a kind: directory, file or link.</summary>
    public static string Word(this NodeKind kind) => kind switch
    {
        NodeKind.Directory => "directory",
        NodeKind.File => "file",
        _ => "link",
    };
}
