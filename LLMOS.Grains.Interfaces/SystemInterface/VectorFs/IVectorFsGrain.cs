using System.Collections.Immutable;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// VectorFS: a tree of files that can be found by path, by words and by meaning. A file's content, vectors and version change
/// together, in one commit that is on disk when the call returns. Stateless; any key. Paths are absolute. Symbolic links are followed, but for the last name of a path
/// that is moved, removed or linked to.
/// </summary>
[Alias("llmos.IVectorFsGrain")]
public interface IVectorFsGrain : IGrainWithIntegerKey
{
    /// <summary>Bytes of a file's content in UTF-8.</summary>
    const int MaxContent = 8 * 1024 * 1024;

    /// <summary>What is at a path; null for nothing.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLink">Whether a symbolic link at the path itself is followed.</param>
    /// <exception cref="LlmosException">It is no path.</exception>
    [Alias("Stat")]
    [Requires(Permissions.ReadContext, Verb = "stat")]
    Task<FileNode?> StatAsync(string path, bool followLink = true);

    /// <summary>What is in a directory, by name; for a file, the file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="after">Only names after this one; empty for the beginning.</param>
    /// <param name="limit">At most so many, 1 to 10,000.</param>
    /// <exception cref="LlmosException">There is nothing at the path.</exception>
    [Alias("List")]
    [Requires(Permissions.ReadContext, Verb = "ls")]
    Task<ImmutableArray<FileNode>> ListAsync(string path, string after = "", int limit = 1_000);

    /// <summary>The content of a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="version">A version; null for the newest.</param>
    /// <exception cref="LlmosException">There is no such file or version.</exception>
    [Alias("Read")]
    [Requires(Permissions.ReadContext, Verb = "cat")]
    Task<string> ReadAsync(string path, long? version = null);

    /// <summary>Makes a file or writes its next version.</summary>
    /// <param name="path">The path; its directory has to be there.</param>
    /// <param name="text">All of its content.</param>
    /// <param name="expected">The version that is to be replaced, 0 for a new file; null for whatever is there.</param>
    /// <returns>The file as it is then.</returns>
    /// <exception cref="LlmosException">
    /// It is another's, a directory, too long, binary, its directory is not there, or another version is there than the expected one.
    /// </exception>
    [Alias("Write")]
    [Requires(Permissions.WriteContext, Syscall = "write", RecordFirst = true)]
    Task<FileNode> WriteAsync(string path, string text, long? expected = null);

    /// <summary>Adds a text to the end of a file, or makes it. Those who append to one file take turns, in the order in which they asked: none of them is refused because of the others.</summary>
    /// <exception cref="LlmosException">As with <see cref="WriteAsync"/>.</exception>
    [Alias("Append"), ResponseTimeout("00:05:00")]
    [Requires(Permissions.WriteContext, Syscall = "append", RecordFirst = true)]
    Task<FileNode> AppendAsync(string path, string text);

    /// <summary>Makes a directory, and those above it that are not there. One that is there stays as it is.</summary>
    /// <exception cref="LlmosException">A file is in the way.</exception>
    [Alias("MakeDirectory")]
    [Requires(Permissions.WriteContext, Syscall = "mkdir", RecordFirst = true)]
    Task<FileNode> MakeDirectoryAsync(string path);

    /// <summary>Moves a file or a directory with all in it; into the target where that is a directory.</summary>
    /// <exception cref="LlmosException">It is not there or another's, the target is taken, or lies within it.</exception>
    [Alias("Move")]
    [Requires(Permissions.WriteContext, Syscall = "move", RecordFirst = true)]
    Task<FileNode> MoveAsync(string path, string to);

    /// <summary>Gives a file one more name. All names are of one file: its content, versions, owner and vectors, which stay until the last of them is removed.</summary>
    /// <param name="path">One of its names; a symbolic link is not followed, and gets no other name.</param>
    /// <param name="to">The new name, or the directory to put it into under the same name.</param>
    /// <returns>The file under its new name.</returns>
    /// <exception cref="LlmosException">It is not there, another's or no file, or the target is taken.</exception>
    [Alias("Link")]
    [Requires(Permissions.WriteContext, Syscall = "link", RecordFirst = true)]
    Task<FileNode> LinkAsync(string path, string to);

    /// <summary>Makes a name that stands for another path. Nothing need be there.</summary>
    /// <param name="target">The path: absolute, or relative to the directory that the link is in.</param>
    /// <param name="path">The link, or the directory to put it into under the target's name.</param>
    /// <returns>The link.</returns>
    /// <exception cref="LlmosException">The path is taken, or the target is no path, leads out of the tree or back to the link.</exception>
    [Alias("LinkSymbolically")]
    [Requires(Permissions.WriteContext, Syscall = "link", RecordFirst = true)]
    Task<FileNode> LinkSymbolicallyAsync(string target, string path);

    /// <summary>All paths of a file, by name.</summary>
    /// <exception cref="LlmosException">There is nothing at the path.</exception>
    [Alias("Paths")]
    [Requires(Permissions.ReadContext, Verb = "stat")]
    Task<ImmutableArray<string>> GetPathsAsync(string path);

    /// <summary>The file of an inode, under the first of its names; null when it has none any more.</summary>
    /// <param name="inode">What <see cref="FileNode.Inode"/> said.</param>
    [Alias("StatInode")]
    [Requires(Permissions.ReadContext, Verb = "stat")]
    Task<FileNode?> StatInodeAsync(long inode);

    /// <summary>Removes a file or a directory. Of a file that has several names only the one; the last one takes the file along.</summary>
    /// <param name="path">The path.</param>
    /// <param name="recursive">Whether with all that is in it.</param>
    /// <returns>How many files and directories were removed.</returns>
    /// <exception cref="LlmosException">It is not there, another's, the root, or a directory that is not empty.</exception>
    [Alias("Remove")]
    [Requires(Permissions.WriteContext, Syscall = "remove", RecordFirst = true)]
    Task<int> RemoveAsync(string path, bool recursive = false);

    /// <summary>Lets others than the owner change a file, or not.</summary>
    /// <exception cref="LlmosException">It is not there or another's.</exception>
    [Alias("Share")]
    [Requires(Permissions.WriteContext, Syscall = "chmod", RecordFirst = true)]
    Task<FileNode> ShareAsync(string path, bool shared);

    /// <summary>The versions of a file, oldest first.</summary>
    /// <exception cref="LlmosException">There is no such file.</exception>
    [Alias("History")]
    [Requires(Permissions.ReadContext, Verb = "history")]
    Task<ImmutableArray<FileVersion>> GetHistoryAsync(string path);

    /// <summary>Writes an older version's content as the next version.</summary>
    /// <param name="path">The path.</param>
    /// <param name="version">The older version; null for the one before the newest.</param>
    /// <exception cref="LlmosException">There is no such file or version.</exception>
    [Alias("Rollback")]
    [Requires(Permissions.WriteContext, Syscall = "rollback", RecordFirst = true)]
    Task<FileNode> RollbackAsync(string path, long? version = null);

    /// <summary>Finds lines with a text, whatever its case, in a file or in all below a directory.</summary>
    /// <param name="pattern">The text.</param>
    /// <param name="path">Where to look.</param>
    /// <param name="limit">At most so many lines.</param>
    [Alias("Grep"), ResponseTimeout("00:02:00")]
    [Requires(Permissions.ReadContext, Verb = "grep")]
    Task<ImmutableArray<FileMatch>> GrepAsync(string pattern, string path, int limit = 1_000);

    /// <summary>
    /// Finds files, directories and links at a path and below it by what they are, in parts. Symbolic links below the path are not followed. What is made, moved or removed meanwhile may be found or not. The directories that
    /// show the system are gone through as those of files are, but not where a meaning is asked for in a directory above them.
    /// </summary>
    /// <param name="path">Where to look; what is there is the first to be looked at.</param>
    /// <param name="filter">What is wanted.</param>
    /// <param name="after">Where to go on: <see cref="FilePage.Next"/> of the part before; empty for the beginning.</param>
    /// <param name="limit">At most so many in this part, 1 to 10,000; with a meaning in all, and at most 1,000.</param>
    /// <exception cref="LlmosException">There is nothing at the path, or a pattern, a number, an owner or <paramref name="after"/> is wrong.</exception>
    [Alias("Find"), ResponseTimeout("00:02:00")]
    [Requires(Permissions.ReadContext, Verb = "find")]
    Task<FilePage> FindAsync(string path, FileFilter filter, string after = "", int limit = 1_000);

    /// <summary>Finds places by meaning and by words, the best first: one for each file.</summary>
    /// <param name="query">What they should be about.</param>
    /// <param name="path">Where to look.</param>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    /// <param name="asOf">As the files were at a time; null for now.</param>
    [Alias("Search"), ResponseTimeout("00:02:00")]
    [Requires(Permissions.ReadContext, Verb = "search")]
    Task<ImmutableArray<FileMatch>> SearchAsync(string query, string path, int limit = 20, DateTimeOffset? asOf = null);

    /// <summary>What is in a directory, the nearest to a meaning first.</summary>
    /// <exception cref="LlmosException">There is nothing at the path.</exception>
    [Alias("Similar")]
    [Requires(Permissions.ReadContext, Verb = "ls")]
    Task<ImmutableArray<FileMatch>> ListSimilarAsync(string path, string meaning, int limit = 1_000);

    /// <summary>The directory at a path or, where there is none, the one that is nearest to that as a meaning.</summary>
    /// <exception cref="LlmosException">There is none.</exception>
    [Alias("FindDirectory")]
    [Requires(Permissions.ReadContext, Verb = "cd")]
    Task<FileNode> FindDirectoryAsync(string pathOrMeaning, string workingDirectory = "/");
}
