using System.Collections.Immutable;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Syscalls;

/// <summary>VectorFS as somebody sees it who is in a directory of it.</summary>
internal sealed class RelativeFiles(IVectorFsGrain files, WorkingDirectory directory) : IVectorFsGrain
{
    public Task<FileNode?> StatAsync(string path, bool followLink = true) => files.StatAsync(directory.Absolute(path), followLink);

    public Task<ImmutableArray<FileNode>> ListAsync(string path, string after = "", int limit = 1_000) => files.ListAsync(directory.Absolute(path), after, limit);

    public Task<string> ReadAsync(string path, long? version = null) => files.ReadAsync(directory.Absolute(path), version);

    public Task<FileNode> WriteAsync(string path, string text, long? expected = null) => files.WriteAsync(directory.Absolute(path), text, expected);

    public Task<FileNode> AppendAsync(string path, string text) => files.AppendAsync(directory.Absolute(path), text);

    public Task<FileNode> MakeDirectoryAsync(string path) => files.MakeDirectoryAsync(directory.Absolute(path));

    public Task<FileNode> MoveAsync(string path, string to) => files.MoveAsync(directory.Absolute(path), directory.Absolute(to));

    public Task<FileNode> LinkAsync(string path, string to) => files.LinkAsync(directory.Absolute(path), directory.Absolute(to));

    // Where it leads is said relative to where the link is.
    public Task<FileNode> LinkSymbolicallyAsync(string target, string path) => files.LinkSymbolicallyAsync(target, directory.Absolute(path));

    public Task<ImmutableArray<string>> GetPathsAsync(string path) => files.GetPathsAsync(directory.Absolute(path));

    public Task<FileNode?> StatInodeAsync(long inode) => files.StatInodeAsync(inode);

    public Task<int> RemoveAsync(string path, bool recursive = false) => files.RemoveAsync(directory.Absolute(path), recursive);

    public Task<FileNode> ShareAsync(string path, bool shared) => files.ShareAsync(directory.Absolute(path), shared);

    public Task<ImmutableArray<FileVersion>> GetHistoryAsync(string path) => files.GetHistoryAsync(directory.Absolute(path));

    public Task<FileNode> RollbackAsync(string path, long? version = null) => files.RollbackAsync(directory.Absolute(path), version);

    public Task<ImmutableArray<FileMatch>> GrepAsync(string pattern, string path, int limit = 1_000) => files.GrepAsync(pattern, directory.Absolute(path), limit);

    public Task<FilePage> FindAsync(string path, FileFilter filter, string after = "", int limit = 1_000) => files.FindAsync(directory.Absolute(path), filter, after, limit);

    public Task<ImmutableArray<FileMatch>> SearchAsync(string query, string path, int limit = 20, DateTimeOffset? asOf = null) => files.SearchAsync(query, directory.Absolute(path), limit, asOf);

    public Task<ImmutableArray<FileMatch>> ListSimilarAsync(string path, string meaning, int limit = 1_000) => files.ListSimilarAsync(directory.Absolute(path), meaning, limit);

    public Task<FileNode> FindDirectoryAsync(string pathOrMeaning, string workingDirectory = "/") => files.FindDirectoryAsync(pathOrMeaning, directory.Absolute(workingDirectory));
}
