namespace LLMOS.SystemInterface.VectorFs;

/// <summary>An inode: a file or a directory, without its content.</summary>
[GenerateSerializer, Immutable, Alias("llmos.file-node")]
public sealed record FileNode
{
    [Id(0)] public required string Path { get; init; }

    [Id(1)] public NodeKind Kind { get; init; }

    /// <summary>Bytes of the content in UTF-8; 0 for a directory.</summary>
    [Id(2)] public long Length { get; init; }

    /// <summary>The principal that made it, or whose process did.</summary>
    [Id(3)] public required string Owner { get; init; }

    /// <summary>Whether others than the owner may change it; reading is everyone's who has READ_CONTEXT.</summary>
    [Id(4)] public bool IsShared { get; init; }

    /// <summary>1 for the first content; each change is one more. 0 for a directory.</summary>
    [Id(5)] public long Version { get; init; }

    [Id(6)] public DateTimeOffset CreatedAt { get; init; }

    [Id(7)] public DateTimeOffset ModifiedAt { get; init; }
}
