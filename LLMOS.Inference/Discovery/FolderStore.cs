namespace LLMOS.Inference.Discovery;

/// <summary>
/// A folder of GGUF files, named by their way from the folder without the extension: LM Studio's
/// <c>publisher/repository/file</c>, llama.cpp's cache, a folder of one's own.
/// </summary>
internal sealed class FolderStore(string folder, ModelSource source, string prefix) : IModelStore
{
    public IEnumerable<FoundModel> Find() => GgufFolder.Files(folder).Select(path =>
        new FoundModel(prefix + Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace('\\', '/'), path, source));
}
