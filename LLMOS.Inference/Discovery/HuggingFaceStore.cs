namespace LLMOS.Inference.Discovery;

/// <summary>
/// Hugging Face's hub cache: <c>models--owner--repository/snapshots/revision/…</c>, whose files are links to blobs. Models are
/// named <c>hf:owner/repository/file</c>; of several revisions the one that <c>refs/main</c> names comes first.
/// </summary>
internal sealed class HuggingFaceStore(string root) : IModelStore
{
    private const string RepositoryPrefix = "models--";

    public IEnumerable<FoundModel> Find()
    {
        foreach (var repository in Folders(root, RepositoryPrefix + "*"))
        {
            var name = Path.GetFileName(repository)[RepositoryPrefix.Length..].Replace("--", "/", StringComparison.Ordinal);
            var main = MainRevision(repository);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var revisions = Folders(Path.Combine(repository, "snapshots"), "*").OrderByDescending(revision => Path.GetFileName(revision) == main);
            foreach (var revision in revisions)
            {
                foreach (var path in GgufFolder.Files(revision))
                {
                    var file = Path.ChangeExtension(Path.GetRelativePath(revision, path), null).Replace('\\', '/');
                    if (seen.Add(file))
                        yield return new FoundModel($"hf:{name}/{file}", path, ModelSource.HuggingFace);
                }
            }
        }
    }

    private static string? MainRevision(string repository)
    {
        try
        {
            return File.ReadAllText(Path.Combine(repository, "refs", "main")).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Folders(string folder, string pattern)
    {
        try
        {
            string[] folders = Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];
            Array.Sort(folders, StringComparer.Ordinal);
            return folders;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
