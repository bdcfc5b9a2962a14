using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Finds files by what they are about: the order by vectors and the order by words (BM25) are made one by reciprocal rank.
/// </summary>
public sealed class SemanticSearch(IFileStore store, IVectorSpace space, IGrainFactory grains)
{
    // A file may have many near pieces, of which one is shown.
    private const int PiecesPerFile = 4;
    private const int LeastPieces = 50;

    // A cosine below this is chance: such a piece is found by its words or not at all.
    private const float Related = 0.05f;

    /// <summary>How much less a directory is worth for what is in it than for what it is called.</summary>
    private const float OfContent = 0.8f;

    private const int DirectoryPieces = 200;

    /// <summary>The best places at a path and below it, one for each file.</summary>
    public async Task<IReadOnlyList<FileMatch>> FindAsync(string query, string path, int limit)
    {
        var groups = path == VfsPath.Root ? default : store.Groups(store.Find(path) is { Kind: NodeKind.File } ? VfsPath.ParentOf(path) : path, below: true);
        var pieces = Math.Max(LeastPieces, limit * PiecesPerFile);
        var near = await NearestAsync(space.Embed(query), pieces, groups);
        var words = Words(query);
        var worded = words.Count == 0 ? [] : store.FindWords(words, pieces);

        var similarities = near.ToDictionary(hit => hit.Id, hit => hit.Similarity);
        var ranks = new ReciprocalRank();
        ranks.Add(near.Where(hit => hit.Similarity >= Related).Select(hit => hit.Id));
        ranks.Add(worded);
        return OnePerFile(store.Chunks([.. ranks.Order().Select(ranked => ranked.Id)]), path, similarities.GetValueOrDefault, limit);
    }

    /// <summary>The same by vectors alone, with the files as they were at a time.</summary>
    public IReadOnlyList<FileMatch> FindAsOf(string query, string path, int limit, DateTimeOffset time)
    {
        var found = store.FindAsOf(space.Embed(query), time, Math.Max(LeastPieces, limit * PiecesPerFile));
        var similarities = found.ToDictionary(piece => piece.Chunk.Id, piece => piece.Hit.Similarity);
        return OnePerFile(found.Where(piece => piece.Hit.Similarity >= Related).Select(piece => piece.Chunk), path, similarities.GetValueOrDefault, limit);
    }

    /// <summary>What lies in a directory, the nearest first.</summary>
    public async Task<IReadOnlyList<FileMatch>> FindInDirectoryAsync(string meaning, string directory, int limit)
    {
        var near = await NearestAsync(space.Embed(meaning), Math.Max(LeastPieces, limit * PiecesPerFile), store.Groups(directory, below: false));
        var similarities = near.ToDictionary(hit => hit.Id, hit => hit.Similarity);
        return OnePerFile(store.Chunks([.. near.Select(hit => hit.Id)]), directory, similarities.GetValueOrDefault, limit);
    }

    /// <summary>The directory that is called or holds what is nearest; null when there is none that has anything to do with it.</summary>
    public async Task<string?> FindDirectoryAsync(string meaning)
    {
        var near = await NearestAsync(space.Embed(meaning), DirectoryPieces, default);
        var similarities = near.ToDictionary(hit => hit.Id, hit => hit.Similarity);
        var best = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var piece in store.Chunks([.. near.Select(hit => hit.Id)]))
        {
            var (directory, worth) = piece.Kind == NodeKind.Directory ? (piece.Path, 1) : (VfsPath.ParentOf(piece.Path), OfContent);
            var similarity = similarities[piece.Id] * worth;
            if (similarity > Math.Max(best.GetValueOrDefault(directory), Related))
            {
                best[directory] = similarity;
            }
        }

        return best.Count == 0 ? null : best.OrderByDescending(directory => directory.Value).ThenBy(directory => directory.Key, StringComparer.Ordinal).First().Key;
    }

    private async Task<IReadOnlyList<VectorHit>> NearestAsync(float[] query, int count, ImmutableArray<long> groups)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, IVectorIndexGrain.Shards).Select(shard =>
            grains.GetGrain<IVectorIndexGrain>(IVectorIndexGrain.KeyOf(IVectorIndexGrain.Files, shard)).SearchAsync(query, count, groups)));
        return [.. shards.SelectMany(hits => hits).OrderByDescending(hit => hit.Similarity).ThenBy(hit => hit.Id).Take(count)];
    }

    private List<FileMatch> OnePerFile(IEnumerable<FoundChunk> pieces, string within, Func<long, float> similarity, int limit)
    {
        var matches = new List<FileMatch>();
        var seen = new HashSet<long>();
        foreach (var piece in pieces)
        {
            if (piece.Path != VfsPath.Root && VfsPath.IsWithin(piece.Path, within) && seen.Add(piece.Inode))
            {
                matches.Add(new FileMatch(piece.Path, piece.Kind, piece.Line, piece.Text, similarity(piece.Id)) { OtherPaths = OtherPaths(piece) });
                if (matches.Count == limit)
                {
                    break;
                }
            }
        }

        return matches;
    }

    /// <summary>A file of several names is in the index under each of them, and found once.</summary>
    private ImmutableArray<string> OtherPaths(FoundChunk piece) => piece.Links > 1
        ? [.. store.Paths(piece.Path).Where(path => path != piece.Path)]
        : [];

    private static List<string> Words(string query) =>
        [.. FileRules.WordsOf(query).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase).Take(32)];
}
