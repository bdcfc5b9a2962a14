namespace LLMOS.Shell.Mounting;

/// <summary>What a node of the mounted tree is.</summary>
internal enum VfsNodeKind
{
    Directory,

    File,

    /// <summary>A symbolic link of VectorFS.</summary>
    SymbolicLink,

    /// <summary>The folder <c>.search</c> at the root, in which every name is there.</summary>
    SearchRoot,

    /// <summary>A folder in it: its name is a question, and what is in it was found.</summary>
    SearchFolder,

    /// <summary>A symbolic link to something that was found.</summary>
    SearchHit,
}
