using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Shell.Indexing;

/// <summary>
/// Brings a collection up to a folder of this machine: a record for each piece of a file, under the file's path and the number of the piece. What is there with the same
/// content stays; the first piece, which has the hash of the content, is written last, so that a file that was cut short is done again.
/// </summary>
/// <param name="store">The embedding store.</param>
/// <param name="collection">The collection.</param>
/// <param name="leftOut">Is told of each file that is left out, in a sentence.</param>
/// <param name="progress">Is told of how far it is: files done, and files there are.</param>
internal sealed class FolderIndexer(IEmbeddingStoreGrain store, string collection, Action<string> leftOut, Action<int, int> progress)
{
    private const int MaxKey = 480;

    // A file that is made to be slow to read keeps the others waiting no longer than this.
    private static readonly TimeSpan LongestCut = TimeSpan.FromMinutes(10);

    public async Task<IndexCounts> IndexAsync(string folder, CancellationToken cancellationToken)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (files, unread) = Find(root);
        var counts = new IndexCounts { LeftOut = unread.Count };
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress(i, files.Count);
            counts = await IndexFileAsync(files[i], counts, cancellationToken);
        }

        progress(files.Count, files.Count);
        return counts with { Removed = await RemoveMissingAsync(Below(root), files, unread, cancellationToken) };
    }

    /// <summary>The files of a folder in their order, and the folders below it that cannot be looked into: what they hold is not known to be gone.</summary>
    private (List<string> Files, List<string> Unread) Find(string root)
    {
        var files = new List<string>();
        var unread = new List<string>();
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            try
            {
                files.AddRange(Directory.EnumerateFiles(folder, "*", Visible));
                foreach (var inner in Directory.EnumerateDirectories(folder, "*", Visible))
                {
                    folders.Push(inner);
                }
            }
            catch (Exception exception) when (folder != root && exception is IOException or UnauthorizedAccessException)
            {
                leftOut($"{folder} cannot be read ({exception.Message.TrimEnd('.')}), and is left out");
                unread.Add(Below(folder));
            }
        }

        files.Sort(StringComparer.Ordinal);
        return (files, unread);
    }

    private async Task<IndexCounts> IndexFileAsync(string file, IndexCounts counts, CancellationToken cancellationToken)
    {
        try
        {
            if (file.Length > MaxKey)
            {
                throw new DocumentException($"has a path of more than {MaxKey} characters");
            }

            var length = new FileInfo(file).Length;
            if (length > Document.MaxLength)
            {
                throw new DocumentException($"has more than {Document.MaxLength / 1024 / 1024} MiB");
            }

            // What has no length is not opened: it may be a pipe, and that would be waited for.
            var bytes = length == 0 ? [] : await File.ReadAllBytesAsync(file, cancellationToken);
            var hash = Convert.ToHexString(SHA256.HashData(bytes));
            var known = (await store.GetAsync(collection, [KeyOf(file, 0)]).WaitAsync(cancellationToken)).FirstOrDefault();
            if (known is not null && JsonNode.Parse(known.Metadata)!["hash"]?.GetValue<string>() == hash)
            {
                return counts with { Unchanged = counts.Unchanged + 1 };
            }

            var pieces = await CutAsync(file, bytes, cancellationToken);
            await RemoveAfterAsync(file, pieces.Count, cancellationToken);
            ImmutableArray<EmbeddingRecord> records = [.. pieces.Select((piece, number) => new EmbeddingRecord
            {
                Key = KeyOf(file, number),
                Text = piece.Text,
                Metadata = new JsonObject { ["path"] = file, ["line"] = piece.Line, ["piece"] = number, ["hash"] = hash }.ToJsonString(),
            })];
            foreach (var some in records.Chunk(IEmbeddingStoreGrain.MaxBatch).Reverse())
            {
                await store.UpsertAsync(collection, ImmutableArray.Create(some)).WaitAsync(cancellationToken);
            }

            return counts with { Indexed = counts.Indexed + 1, Pieces = counts.Pieces + pieces.Count };
        }
        catch (Exception exception) when (exception is DocumentException or IOException or UnauthorizedAccessException)
        {
            leftOut(exception is DocumentException ? $"{file} {exception.Message}, and is left out" : $"{file} cannot be read ({exception.Message.TrimEnd('.')}), and is left out");
            if (exception is DocumentException && file.Length <= MaxKey)
            {
                // What it said before, it says no more.
                await RemoveAfterAsync(file, 0, cancellationToken);
            }

            return counts with { LeftOut = counts.LeftOut + 1 };
        }
    }

    /// <summary>Beside this call, so that it can be given up: a parser hears nothing of that.</summary>
    private static async Task<List<DocumentPiece>> CutAsync(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => Document.Cut(file, bytes), cancellationToken).WaitAsync(LongestCut, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new DocumentException($"takes more than {LongestCut.TotalMinutes:0} minutes to read");
        }
    }

    /// <summary>Removes the pieces of a file from a number on.</summary>
    private async Task RemoveAfterAsync(string file, int first, CancellationToken cancellationToken)
    {
        // By their keys, which the store has in order: '$' is the character after '#'.
        var filter = MetadataFilter.And(
            MetadataFilter.Compare(FilterOperator.GreaterOrEqual, MetadataFilter.KeyField, file + "#"),
            MetadataFilter.Compare(FilterOperator.Less, MetadataFilter.KeyField, file + "$"),
            MetadataFilter.Equal("path", file),
            MetadataFilter.Compare(FilterOperator.GreaterOrEqual, "piece", first));
        while (await store.ScanAsync(collection, filter).WaitAsync(cancellationToken) is { IsEmpty: false } old)
        {
            await store.RemoveAsync(collection, [.. old.Select(record => record.Key)]).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Removes what is of files that are in the folder no more.</summary>
    private async Task<int> RemoveMissingAsync(string root, List<string> files, List<string> unread, CancellationToken cancellationToken)
    {
        var there = files.ToHashSet(StringComparer.Ordinal);
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var below = MetadataFilter.And(
            MetadataFilter.Compare(FilterOperator.GreaterOrEqual, MetadataFilter.KeyField, root),
            MetadataFilter.Compare(FilterOperator.Less, MetadataFilter.KeyField, root[..^1] + (char)(root[^1] + 1)));
        for (var after = ""; ;)
        {
            var page = await store.ScanAsync(collection, below, after).WaitAsync(cancellationToken);
            foreach (var record in page)
            {
                var path = JsonNode.Parse(record.Metadata)!["path"]?.GetValue<string>();
                if (path is not null && path.StartsWith(root, StringComparison.Ordinal) && !there.Contains(path)
                    && !unread.Exists(folder => path.StartsWith(folder, StringComparison.Ordinal)))
                {
                    gone.Add(path);
                }
            }

            if (page.IsEmpty)
            {
                break;
            }

            after = page[^1].Key;
        }

        foreach (var path in gone)
        {
            await RemoveAfterAsync(path, 0, cancellationToken);
        }

        return gone.Count;
    }

    private static string KeyOf(string file, int piece) => string.Create(CultureInfo.InvariantCulture, $"{file}#{piece}");

    private static string Below(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;

    private static EnumerationOptions Visible => new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
}
