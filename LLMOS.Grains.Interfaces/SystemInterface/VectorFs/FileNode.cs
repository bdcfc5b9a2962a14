namespace LLMOS.SystemInterface.VectorFs;

/// <summary>An inode under one of its names: a file, a directory or a symbolic link, without its content.</summary>
[GenerateSerializer, Immutable, Alias("llmos.file-node")]
public sealed record FileNode
{
    [Id(0)] public required string Path { get; init; }

    [Id(1)] public NodeKind Kind { get; init; }

    /// <summary>Bytes of the content in UTF-8, or of where a symbolic link leads; 0 for a directory.</summary>
    [Id(2)] public long Length { get; init; }

    /// <summary>The principal that made it, or whose process did.</summary>
    [Id(3)] public required string Owner { get; init; }

    /// <summary>Whether others than the owner may change it; reading is everyone's who has READ_CONTEXT.</summary>
    [Id(4)] public bool IsShared { get; init; }

    /// <summary>1 for the first content; each change is one more. 0 for directories and symbolic links.</summary>
    [Id(5)] public long Version { get; init; }

    [Id(6)] public DateTimeOffset CreatedAt { get; init; }

    [Id(7)] public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Tells the file from all others, under whichever of its names; 0 for what a view shows.</summary>
    [Id(8)] public long Inode { get; init; }

    /// <summary>How many names a file has.</summary>
    [Id(9)] public int Links { get; init; } = 1;

    /// <summary>Where a symbolic link leads, as it was written: absolute, or relative to the directory that the link is in; empty for anything else.</summary>
    [Id(10)] public string Target { get; init; } = "";
}
