using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// One activation appends for all, one after the other, so that each change is cut and embedded once however many wait. Who writes the whole file, or waits in the queue that it had before it got a second name, can come in
/// between; who is overtaken often appends inside the store's own transaction, where nobody can.
/// </summary>
internal sealed class FileAppendGrain(IFileStore store, FileChunker chunker) : Grain, IFileAppendGrain
{
    private const int Attempts = 3;

    public async Task<FileNode> AppendAsync(string path, string text)
    {
        var author = FileAuthor.Of(CallerContext.Behalf ?? Caller.Kernel);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var node = store.Find(path);
            var whole = node is { Kind: NodeKind.File } ? store.Read(path, node.Version) + text : text;
            FileRules.CheckContent(path, whole);
            try
            {
                return await store.WriteAsync(new FileChange(path, whole, chunker.Cut(path, whole), node?.Version ?? 0, author, FileChange.Appended));
            }
            catch (LlmosException) when (store.Find(path)?.Version != node?.Version)
            {
                // Another version came in between: what is appended goes to the end of that one.
            }
        }

        return await store.AppendAsync(
            path,
            before =>
            {
                var whole = before + text;
                FileRules.CheckContent(path, whole);
                return new FileChange(path, whole, chunker.Cut(path, whole), null, author, FileChange.Appended);
            });
    }
}
