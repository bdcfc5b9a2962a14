using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Where the tree of VectorFS lies. Paths are absolute and normal. Each change is one commit, with content, vectors, words and
/// version, and is on disk when its task completes. A storage provider implements it.
/// </summary>
public interface IFileStore
{
    /// <summary>A path without symbolic links in it. What is not there stays as it is.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLast">Whether a symbolic link at the path itself is followed.</param>
    /// <exception cref="LlmosException">Links lead in a circle, through too many, or out of the tree.</exception>
    string Resolve(string path, bool followLast);

    /// <summary>What is at a path, which has no symbolic links but perhaps as its last name; null for nothing.</summary>
    FileNode? Find(string path);

    /// <summary>All paths of what is at a path, by name.</summary>
    /// <exception cref="LlmosException">There is nothing.</exception>
    IReadOnlyList<string> Paths(string path);

    /// <summary>The file of an inode, under the first of its names; null when it has none any more.</summary>
    FileNode? Find(long inode);

    /// <summary>What is in a directory, by name, after a name.</summary>
    /// <exception cref="LlmosException">There is no such directory.</exception>
    IReadOnlyList<FileNode> List(string path, string after, int limit);

    /// <summary>The content of a file.</summary>
    /// <exception cref="LlmosException">There is no such file or version.</exception>
    string Read(string path, long? version);

    /// <exception cref="LlmosException">There is no such file.</exception>
    IReadOnlyList<FileVersion> History(string path);

    /// <exception cref="LlmosException">It may not be written, or is of another version.</exception>
    Task<FileNode> WriteAsync(FileChange change);

    /// <summary>Writes what is made of a file's content, with nobody in between. It holds up all other changes meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">Makes the change of the content that is there, which is empty for no file; it may be asked more than once.</param>
    /// <exception cref="LlmosException">It may not be written, or what the function throws.</exception>
    Task<FileNode> AppendAsync(string path, Func<string, FileChange> change);

    /// <summary>Makes a directory in one that is there; one that is there already stays as it is.</summary>
    /// <exception cref="LlmosException">A file is in the way, or the directory above is not there.</exception>
    Task<FileNode> MakeDirectoryAsync(string path, FileChunk name, FileAuthor author);

    /// <exception cref="LlmosException">It may not be moved, or the target is taken.</exception>
    Task<FileNode> MoveAsync(string path, string to, FileChunk name, FileAuthor author);

    /// <summary>Gives a file one more name.</summary>
    /// <exception cref="LlmosException">It is no file, another's, or the target is taken.</exception>
    Task<FileNode> LinkAsync(string path, string to, FileChunk name, FileAuthor author);

    /// <summary>Makes a symbolic link.</summary>
    /// <exception cref="LlmosException">The path is taken, or the target leads out of the tree or back to the link.</exception>
    Task<FileNode> LinkSymbolicallyAsync(string target, string path, FileAuthor author);

    /// <returns>How many files and directories were removed.</returns>
    /// <exception cref="LlmosException">It may not be removed.</exception>
    Task<int> RemoveAsync(string path, bool recursive, FileAuthor author);

    /// <exception cref="LlmosException">It is not there or another's.</exception>
    Task<FileNode> ShareAsync(string path, bool shared, FileAuthor author);

    /// <summary>The files at a path and below it, each under one of its names, with their content, until the function says that it is enough.</summary>
    void Walk(string path, Func<string, string, bool> file);

    /// <summary>The ids of the directories at a path and below it, which are the groups of the vectors of what lies in them; empty when there is none.</summary>
    ImmutableArray<long> Groups(string path, bool below);

    /// <summary>The pieces behind vectors, in the order of the ids; those that are gone are left out.</summary>
    IReadOnlyList<FoundChunk> Chunks(IReadOnlyList<long> ids);

    /// <summary>The ids of the pieces that fit words best (BM25), the best first.</summary>
    /// <param name="words">Words, one or more.</param>
    /// <param name="count">At most so many.</param>
    IReadOnlyList<long> FindWords(IReadOnlyList<string> words, int count);

    /// <summary>The pieces nearest to a vector among those of files as they were at a time, the nearest first.</summary>
    IReadOnlyList<(FoundChunk Chunk, VectorHit Hit)> FindAsOf(float[] query, DateTimeOffset moment, int count);
}
