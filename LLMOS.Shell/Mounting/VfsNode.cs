namespace LLMOS.Shell.Mounting;

/// <summary>A name that the kernel knows by a number. <see cref="VfsTree"/> alone changes where it is.</summary>
internal sealed class VfsNode(ulong id, VfsNode? parent, string name, VfsNodeKind kind)
{
    /// <summary>The kernel's number for it; none is used twice.</summary>
    public ulong Id { get; } = id;

    public VfsNodeKind Kind { get; } = kind;

    /// <summary>The directory it is in; null for the root, and for what was removed.</summary>
    public VfsNode? Parent { get; set; } = parent;

    public string Name { get; set; } = name;

    /// <summary>How often the kernel was told the number, less what it has forgotten.</summary>
    public ulong Lookups { get; set; }

    public Dictionary<string, VfsNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Its content while a program has it open.</summary>
    public OpenFile? Open { get; set; }

    /// <summary>What a search found, by the names of its links, the best first; null before it was made.</summary>
    public IReadOnlyList<SearchHit>? Hits { get; set; }

    /// <summary>Where a link leads, relative to the folder it is in.</summary>
    public string Target { get; set; } = "";

    /// <summary>Whether it is of VectorFS, and not one of the folders and links of searches.</summary>
    public bool IsStored => Kind is VfsNodeKind.Directory or VfsNodeKind.File or VfsNodeKind.SymbolicLink;
}
