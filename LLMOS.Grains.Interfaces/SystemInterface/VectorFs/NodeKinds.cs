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

    /// <summary>The kind of a word, or of the letter that find(1) has for it: f, d or l; null for another word.</summary>
    public static NodeKind? Find(string word) => word switch
    {
        "d" or "directory" => NodeKind.Directory,
        "f" or "file" => NodeKind.File,
        "l" or "link" => NodeKind.SymbolicLink,
        _ => null,
    };
}
