using System.Globalization;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>index: files of VectorFS as records of a collection.</summary>
internal sealed class IndexSyscalls : ISyscallSet
{
    private const string OfAll = "files";

    public IEnumerable<SyscallHandler> Handlers => [new("index", Permissions.ReadContext | Permissions.WriteContext, true, "path", IndexAsync)];

    private static async Task<SyscallResult> IndexAsync(SyscallContext context)
    {
        var path = context.Arguments.Text("path")!;
        var node = await context.Files.StatAsync(path) ?? throw LlmosException.NotFound($"There is nothing at '{path}': ls lists what there is.");
        var store = context.Grains.GetGrain<IEmbeddingStoreGrain>(0);
        var collection = CollectionOf(node.Path);
        if (await store.FindAsync(collection) is null)
        {
            await store.CreateAsync(new CollectionSpec { Name = collection });
        }

        var counts = await new TreeIndexer(context.Files, store, collection).IndexAsync(node);
        return new TextResult(string.Create(
            CultureInfo.InvariantCulture,
            $"{collection}: {counts.Indexed} indexed ({counts.Pieces} pieces), {counts.Unchanged} unchanged, {counts.Removed} removed"));
    }

    /// <summary>The collection of a path: one with its name, as far as names of collections have its characters.</summary>
    private static string CollectionOf(string path)
    {
        const int Longest = 128;
        var name = new string([.. path.Trim('/').Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '/' ? character : '-')]).TrimStart('.', '-', '_', '/');
        return name.Length == 0 ? OfAll : name[..Math.Min(name.Length, Longest)];
    }
}
