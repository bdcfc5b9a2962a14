using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Cognition.Embeddings;

/// <summary>Finds records: by their vectors over the shards of the index, by their words, and by both.</summary>
internal sealed class EmbeddingSearch(IEmbeddingStore store, TextEmbedder embedder, IGrainFactory grains)
{
    // Of each order more is looked at than is wanted of the two together.
    private const int LeastRanked = 50;
    private const int MaxWords = 32;

    /// <summary>What queries find, in their order.</summary>
    public async Task<ImmutableArray<ImmutableArray<EmbeddingMatch>>> FindAsync(CollectionInfo collection, ImmutableArray<EmbeddingQuery> queries)
    {
        var vectors = await VectorsAsync(collection, queries);
        var near = new ImmutableArray<VectorHit>[queries.Length];
        var byVector = Enumerable.Range(0, queries.Length).Where(i => vectors[i] is not null);

        // Those that are restricted alike look at the vectors together.
        foreach (var alike in byVector.GroupBy(i => queries[i].Filter))
        {
            int[] places = [.. alike];
            var count = places.Max(i => Wanted(queries[i]));
            var found = await NearestAsync(collection.Id, [.. places.Select(i => vectors[i]!)], count, alike.Key);
            for (var i = 0; i < places.Length; i++)
            {
                near[places[i]] = found[i];
            }
        }

        return [.. queries.Select((query, i) => Matches(collection, query, near[i]))];
    }

    private ImmutableArray<EmbeddingMatch> Matches(CollectionInfo collection, EmbeddingQuery query, ImmutableArray<VectorHit> near)
    {
        IEnumerable<(long Id, double Score)> order = near.IsDefault ? [] : near.Select(hit => (hit.Id, (double)hit.Similarity));
        if (query.Words is { } text)
        {
            var words = WordsOf(text);
            var ranks = new ReciprocalRank();
            ranks.Add(near.IsDefault ? [] : near.Select(hit => hit.Id));
            ranks.Add(words.Count == 0 ? [] : store.FindWords(collection.Id, words, query.Filter, Wanted(query)));
            order = ranks.Order();
        }

        var wanted = order.Skip(query.Skip).Take(query.Limit).ToList();
        var records = store.Get([.. wanted.Select(found => found.Id)], query.WithVectors).ToDictionary(record => record.Id);

        // One that was removed since is found no more.
        return [.. wanted.Where(found => records.ContainsKey(found.Id)).Select(found => new EmbeddingMatch(Record(records[found.Id], query.WithVectors), found.Score))];
    }

    private async Task<float[]?[]> VectorsAsync(CollectionInfo collection, ImmutableArray<EmbeddingQuery> queries)
    {
        var texts = Enumerable.Range(0, queries.Length).Where(i => queries[i].Text is not null).ToList();
        var embedded = await embedder.EmbedAsync(collection, [.. texts.Select(i => queries[i].Text!)]);
        var vectors = new float[]?[queries.Length];
        for (var i = 0; i < queries.Length; i++)
        {
            var place = texts.IndexOf(i);
            if (place >= 0 || !queries[i].Vector.IsDefault)
            {
                ReadOnlySpan<float> vector = place >= 0 ? embedded[place] : queries[i].Vector.AsSpan();
                RecordRules.CheckVector(vector, collection, "the query");
                vectors[i] = RecordRules.Kept(vector, collection.Distance);
            }
        }

        return vectors;
    }

    private async Task<ImmutableArray<ImmutableArray<VectorHit>>> NearestAsync(long collection, ImmutableArray<float[]> queries, int count, MetadataFilter? filter)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, IVectorIndexGrain.Shards).Select(shard =>
            grains.GetGrain<IVectorIndexGrain>(IVectorIndexGrain.KeyOf(collection, shard)).SearchManyAsync(queries, count, filter)));
        return [.. Enumerable.Range(0, queries.Length).Select(query => shards
            .SelectMany(shard => shard[query])
            .OrderByDescending(hit => hit.Similarity)
            .ThenBy(hit => hit.Id)
            .Take(count)
            .ToImmutableArray())];
    }

    internal static EmbeddingRecord Record(StoredEmbedding stored, bool withVector) => new()
    {
        Key = stored.Key,
        Text = stored.Text,
        Metadata = stored.Metadata,
        Vector = withVector ? [.. stored.Vector] : default,
    };

    private static int Wanted(EmbeddingQuery query) => query.Words is null ? query.Skip + query.Limit : Math.Max(LeastRanked, (query.Skip + query.Limit) * 2);

    private static List<string> WordsOf(string text)
    {
        var words = new string([.. text.Select(character => char.IsLetterOrDigit(character) ? character : ' ')]);
        return [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxWords)];
    }
}
