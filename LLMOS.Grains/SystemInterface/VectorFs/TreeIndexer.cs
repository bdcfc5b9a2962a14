using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Brings a collection up to a file or directory of VectorFS: a record for each piece of a file, under the file's path and the number of the piece. What is there with the same content
/// stays; the first piece, which has the hash of the content, is written last, so that a file that was cut short is done again. Symbolic links are not followed, and a file of several names is there under one.
/// </summary>
/// <param name="files">VectorFS.</param>
/// <param name="store">The embedding store.</param>
/// <param name="collection">The collection.</param>
public sealed class TreeIndexer(IVectorFsGrain files, IEmbeddingStoreGrain store, string collection)
{
    private const int Page = 1_000;

    // As long as a record's key may be, with the number of a piece.
    private const int MaxKey = 480;

    /// <summary>Cuts a text where its structure lets it, source text between its blocks. No piece is empty.</summary>
    public static IEnumerable<(int Line, string Text)> Cut(string path, string text) =>
        SourceChunker.IsSource(path) ? SourceChunker.Cut(text).Where(piece => piece.Text.Length > 0) : TextChunker.Cut(text);

    /// <exception cref="LlmosException">The collection is another's.</exception>
    public async Task<TreeCounts> IndexAsync(FileNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var counts = new TreeCounts();
        var there = new HashSet<string>(StringComparer.Ordinal);
        var inodes = new HashSet<long>();
        await foreach (var file in FilesAsync(root))
        {
            if (file.Links > 1 && !inodes.Add(file.Inode))
            {
                continue;
            }

            var key = KeyOf(file.Path);
            there.Add(key);
            counts = await IndexFileAsync(file.Path, key, counts);
        }

        return counts with { Removed = await RemoveMissingAsync(root.Path, there) };
    }

    private async IAsyncEnumerable<FileNode> FilesAsync(FileNode root)
    {
        var open = new Stack<FileNode>([root]);
        while (open.TryPop(out var node))
        {
            if (node.Kind == NodeKind.File)
            {
                yield return node;
            }

            for (var after = ""; node.Kind == NodeKind.Directory && await files.ListAsync(node.Path, after, Page) is { IsEmpty: false } children; after = VfsPath.NameOf(children[^1].Path))
            {
                foreach (var child in children)
                {
                    open.Push(child);
                }
            }
        }
    }

    private async Task<TreeCounts> IndexFileAsync(string path, string key, TreeCounts counts)
    {
        string text;
        try
        {
            text = await files.ReadAsync(path);
        }
        catch (LlmosException gone) when (gone.Code == LlmosErrorCode.NotFound)
        {
            return counts;
        }

        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var known = (await store.GetAsync(collection, [$"{key}#0"])).FirstOrDefault();
        if (known is not null && JsonNode.Parse(known.Metadata)?["hash"]?.GetValue<string>() == hash)
        {
            return counts with { Unchanged = counts.Unchanged + 1 };
        }

        var pieces = Cut(path, text).ToList();
        await RemoveAfterAsync(key, path, pieces.Count);
        ImmutableArray<EmbeddingRecord> records = [.. pieces.Select((piece, number) => new EmbeddingRecord
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{key}#{number}"),
            Text = piece.Text,
            Metadata = new JsonObject { ["path"] = path, ["line"] = piece.Line, ["piece"] = number, ["hash"] = hash }.ToJsonString(),
        })];
        foreach (var some in records.Chunk(IEmbeddingStoreGrain.MaxBatch).Reverse())
        {
            await store.UpsertAsync(collection, ImmutableArray.Create(some));
        }

        return counts with { Indexed = counts.Indexed + 1, Pieces = counts.Pieces + pieces.Count };
    }

    /// <summary>Removes the pieces of a file from a number on.</summary>
    private async Task RemoveAfterAsync(string key, string path, int first)
    {
        // By their keys, which the store has in order: '$' is the character after '#'.
        var filter = MetadataFilter.And(
            MetadataFilter.Compare(FilterOperator.GreaterOrEqual, MetadataFilter.KeyField, key + "#"),
            MetadataFilter.Compare(FilterOperator.Less, MetadataFilter.KeyField, key + "$"),
            MetadataFilter.Equal("path", path),
            MetadataFilter.Compare(FilterOperator.GreaterOrEqual, "piece", first));
        while (await store.ScanAsync(collection, filter) is { IsEmpty: false } old)
        {
            await store.RemoveAsync(collection, [.. old.Select(record => record.Key)]);
        }
    }

    /// <summary>Removes what is of files that are not at the path or below it any more.</summary>
    private async Task<int> RemoveMissingAsync(string root, HashSet<string> there)
    {
        var gone = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var after = ""; await store.ScanAsync(collection, null, after, Page) is { IsEmpty: false } page; after = page[^1].Key)
        {
            foreach (var record in page)
            {
                var key = record.Key[..Math.Max(0, record.Key.LastIndexOf('#'))];
                if (JsonNode.Parse(record.Metadata)?["path"]?.GetValue<string>() is { } path && VfsPath.IsWithin(path, root) && !there.Contains(key))
                {
                    gone[key] = path;
                }
            }
        }

        foreach (var (key, path) in gone)
        {
            await RemoveAfterAsync(key, path, 0);
        }

        return gone.Count;
    }

    /// <summary>What the keys of a file begin with: its path, or the hash of one that is too long for a key.</summary>
    private static string KeyOf(string path) => path.Length <= MaxKey ? path : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
}
