namespace LLMOS.Inference.Discovery;

/// <summary>Finds GGUF files under a folder, links included, and survives what it may not read and links that go in circles.</summary>
internal static class GgufFolder
{
    private const int MaximumDepth = 8;

    /// <summary>The paths of the GGUF files under <paramref name="root"/>, in order of their names.</summary>
    public static IEnumerable<string> Files(string root) => Files(new DirectoryInfo(root), new HashSet<string>(StringComparer.Ordinal), 0);

    /// <summary>The path of the file that <paramref name="path"/> leads to, for telling whether two are one.</summary>
    public static string FinalPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Path.GetFullPath(path);
        }
    }

    private static IEnumerable<string> Files(DirectoryInfo folder, HashSet<string> visited, int depth)
    {
        foreach (var entry in Entries(folder, visited))
        {
            if (entry is FileInfo && string.Equals(entry.Extension, ".gguf", StringComparison.OrdinalIgnoreCase))
                yield return entry.FullName;
            if (entry is not DirectoryInfo inner || depth == MaximumDepth)
                continue;
            foreach (var file in Files(inner, visited, depth + 1))
                yield return file;
        }
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder, HashSet<string> visited)
    {
        try
        {
            var target = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
            if (!visited.Add(Path.TrimEndingDirectorySeparator(target)))
                return [];
            var entries = folder.GetFileSystemInfos();
            Array.Sort(entries, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
            return entries;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
