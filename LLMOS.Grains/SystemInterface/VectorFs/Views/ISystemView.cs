using System.Collections.Immutable;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary>A directory of VectorFS that shows a part of the system as it is now: what is read is made when it is read, and nothing of it is stored. Paths are absolute and normal.</summary>
internal interface ISystemView
{
    /// <summary>The directory.</summary>
    string Path { get; }

    /// <summary>The file or directory at a path below it; null for nothing.</summary>
    Task<FileNode?> FindAsync(string path);

    /// <summary>What is in a directory, by name in the order of its characters, after a name.</summary>
    Task<ImmutableArray<FileNode>> ListAsync(string path, string after, int limit);

    /// <summary>The content of a file; null where there is none.</summary>
    Task<string?> ReadAsync(string path);
}
