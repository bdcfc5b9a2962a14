using System.IO.Enumeration;

namespace LLMOS.Shell.Commands.Files;

/// <summary>Symbolic links of this machine, which are kept where they lead to something that is taken along.</summary>
internal static class HostLinks
{
    private const FileAttributes Hidden = FileAttributes.Hidden | FileAttributes.System;

    /// <summary>The links in a folder and below it; none is followed.</summary>
    public static IEnumerable<string> In(string folder) => new FileSystemEnumerable<string>(
        folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = Hidden })
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };

    /// <summary>Where a link leads, if that is within a folder and said relative to the link; null else.</summary>
    public static string? TargetWithin(string folder, string link) =>
        new FileInfo(link).LinkTarget is { Length: > 0 } target && IsWithin(folder, Path.GetDirectoryName(link)!, target) ? target.Replace(Path.DirectorySeparatorChar, '/') : null;

    /// <summary>Whether a relative target leads from a directory to something in a folder.</summary>
    public static bool IsWithin(string folder, string directory, string target) =>
        !Path.IsPathRooted(target) && Path.GetFullPath(target, directory) is var full
        && (full == folder || full.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
