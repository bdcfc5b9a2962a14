using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Cognition.Embeddings;

/// <summary>Collections, on a store that keeps them: it checks what is written and asked, embeds texts, and asks the index what is near.</summary>
[StatelessWorker]
internal sealed class EmbeddingStoreGrain(IEmbeddingStore store, TextEmbedder embedders, EmbeddingSearch search, TimeProvider time) : Grain, IEmbeddingStoreGrain
{
    private const int MaxLimit = 1_000;
    private const int MaxSkip = 10_000;

    // Bytes of an answer: a message may have a hundred million.
    private const long MaxAnswer = 90_000_000;

    public async Task<CollectionInfo> CreateAsync(CollectionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        RecordRules.CheckName(spec.Name);
        if (!Enum.IsDefined(spec.Distance))
        {
            throw LlmosException.InvalidArgument($"{(int)spec.Distance} is no distance: use Cosine or DotProduct.");
        }

        var identity = embedders.IdentityOf(spec.Embedder);
        if (spec.Dimension is < 1 or > RecordRules.MaxDimension)
        {
            throw LlmosException.InvalidArgument($"A dimension of {spec.Dimension} is outside 1 to {RecordRules.MaxDimension}.");
        }

        var made = await embedders.DimensionOfAsync(identity);
        var dimension = spec.Dimension ?? made
            ?? throw LlmosException.InvalidArgument($"The collection '{spec.Name}' has no embedder that says how many floats its vectors have: give it a dimension.");
        if (made is { } floats && floats != dimension)
        {
            throw LlmosException.InvalidArgument(
                $"'{identity}' makes vectors of {floats} floats, not of {dimension}: leave the dimension out, or use '{Embedders.None}' as the embedder and bring the vectors.");
        }

        return await store.CreateAsync(new CollectionInfo
        {
            Name = spec.Name,
            Dimension = dimension,
            Distance = spec.Distance,
            Embedder = identity,
            Owner = Who().Principal,
            IsShared = spec.IsShared,
            CreatedAt = time.GetUtcNow(),
        });
    }

    public Task<CollectionInfo?> FindAsync(string name) => Task.FromResult(store.Find(name));

    public Task<ImmutableArray<CollectionInfo>> ListAsync() => Task.FromResult<ImmutableArray<CollectionInfo>>([.. store.List()]);

    public async Task<bool> DeleteAsync(string name)
    {
        var collection = store.Find(name);
        var wasThere = await store.DropAsync(name, Who());
        if (wasThere && collection is not null)
        {
            // What is in memory is let go first, so that it is not kept once more.
            for (var shard = 0; shard < IVectorIndexGrain.Shards; shard++)
            {
                await GrainFactory.GetGrain<IVectorIndexGrain>(IVectorIndexGrain.KeyOf(collection.Id, shard)).DropAsync();
            }

            await store.ForgetIndexesAsync();
        }

        return wasThere;
    }

    public async Task UpsertAsync(string name, ImmutableArray<EmbeddingRecord> records, string? embedder = null)
    {
        var collection = Existing(name);
        CheckCount(records.IsDefault ? 0 : records.Length, IEmbeddingStoreGrain.MaxBatch, "records");
        if (embedder is not null && embedder != collection.Embedder)
        {
            throw LlmosException.InvalidArgument(
                $"The vectors are of '{RecordRules.Short(embedder)}', and those of the collection '{name}' are of '{collection.Embedder}', which cannot be compared: "
                + "write the texts without their vectors, so that they are embedded again, or make another collection for these.");
        }

        var who = Who();
        var toEmbed = new List<int>();
        for (var i = 0; i < records.Length; i++)
        {
            RecordRules.Check(records[i], i + 1);
            if (records[i].Vector.IsDefault)
            {
                toEmbed.Add(i);
            }
            else
            {
                RecordRules.CheckVector(records[i].Vector.AsSpan(), collection, $"the record '{RecordRules.Short(records[i].Key)}'");
            }
        }

        var embedded = await embedders.EmbedAsync(collection, [.. toEmbed.Select(i => records[i].Text)]);
        var stored = new List<StoredEmbedding>(records.Length);
        var next = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i];
            ReadOnlySpan<float> vector = record.Vector.IsDefault ? embedded[next++] : record.Vector.AsSpan();
            RecordRules.CheckVector(vector, collection, $"the record '{RecordRules.Short(record.Key)}'");
            stored.Add(new StoredEmbedding(0, record.Key, record.Text, record.Metadata, RecordRules.Kept(vector, collection.Distance)));
        }

        await store.UpsertAsync(collection.Id, stored, who);
    }

    public Task<int> RemoveAsync(string name, ImmutableArray<string> keys)
    {
        var collection = Existing(name);
        CheckCount(keys.IsDefault ? 0 : keys.Length, IEmbeddingStoreGrain.MaxBatch, "keys");
        return store.RemoveAsync(collection.Id, keys, Who());
    }

    public Task<ImmutableArray<EmbeddingRecord>> GetAsync(string name, ImmutableArray<string> keys, bool withVectors = false)
    {
        var collection = Existing(name);
        CheckCount(keys.IsDefault ? 0 : keys.Length, IEmbeddingStoreGrain.MaxBatch, "keys");
        var records = Records(store.Get(collection.Id, keys, withVectors), withVectors);
        CheckAnswer(records);
        return Task.FromResult(records);
    }

    public Task<ImmutableArray<EmbeddingRecord>> ScanAsync(string name, MetadataFilter? filter = null, string after = "", int limit = 1_000, bool withVectors = false)
    {
        ArgumentNullException.ThrowIfNull(after);
        var collection = Existing(name);
        CheckCount(limit, MaxLimit, "records");
        RecordRules.Check(filter);
        var length = 0L;
        return Task.FromResult<ImmutableArray<EmbeddingRecord>>([.. Records(store.Scan(collection.Id, filter, after, limit, withVectors), withVectors)
            .TakeWhile((record, place) => (length += LengthOf(record)) <= MaxAnswer || place == 0)]);
    }

    public async Task<ImmutableArray<EmbeddingMatch>> SearchAsync(string name, EmbeddingQuery query) => (await SearchManyAsync(name, [query]))[0];

    public async Task<ImmutableArray<ImmutableArray<EmbeddingMatch>>> SearchManyAsync(string name, ImmutableArray<EmbeddingQuery> queries)
    {
        var collection = Existing(name);
        CheckCount(queries.IsDefault ? 0 : queries.Length, IEmbeddingStoreGrain.MaxQueries, "queries");
        foreach (var query in queries)
        {
            Check(query);
        }

        var found = await search.FindAsync(collection, queries);
        CheckAnswer(found.SelectMany(matches => matches.Select(match => match.Record)));
        return found;
    }

    public async Task<EmbeddedTexts> EmbedAsync(ImmutableArray<string> texts, string? embedder = null)
    {
        CheckCount(texts.IsDefault ? 0 : texts.Length, IEmbeddingStoreGrain.MaxBatch, "texts");
        var identity = embedders.IdentityOf(embedder);
        return new EmbeddedTexts(identity, [.. await embedders.EmbedAsync(identity, texts)]);
    }

    public async Task<CollectionInfo> CompactAsync(string name)
    {
        var collection = Existing(name);
        await store.CompactAsync(collection.Id, Who());
        for (var shard = 0; shard < IVectorIndexGrain.Shards; shard++)
        {
            await GrainFactory.GetGrain<IVectorIndexGrain>(IVectorIndexGrain.KeyOf(collection.Id, shard)).SaveAsync();
        }

        return Existing(name);
    }

    private CollectionInfo Existing(string name) => store.Find(name) ?? throw LlmosException.NotFound(
        $"There is no collection '{RecordRules.Short(name)}': llmos collections lists them, and llmos collections create makes one.");

    private static void Check(EmbeddingQuery query)
    {
        CheckCount(query.Limit, MaxLimit, "results");
        if (query.Skip is < 0 or > MaxSkip)
        {
            throw LlmosException.InvalidArgument($"Passing over {query.Skip} results is outside 0 to {MaxSkip}.");
        }

        if (query.Text is not null && !query.Vector.IsDefault)
        {
            throw LlmosException.InvalidArgument("The query has a text and a vector: give one of the two, as either says what is to be near.");
        }

        if (string.IsNullOrWhiteSpace(query.Text) && query.Vector.IsDefault && string.IsNullOrWhiteSpace(query.Words))
        {
            throw LlmosException.InvalidArgument("The query is empty: give a text, a vector or words to look for.");
        }

        RecordRules.Check(query.Filter);
    }

    private static void CheckCount(int count, int most, string what)
    {
        if (count < 1 || count > most)
        {
            throw LlmosException.InvalidArgument($"{count} {what} are outside 1 to {most} in one call.");
        }
    }

    private static void CheckAnswer(IEnumerable<EmbeddingRecord> records)
    {
        if (records.Sum(LengthOf) is var length and > MaxAnswer)
        {
            throw new LlmosException(
                LlmosErrorCode.ResourceExhausted,
                $"The records that were asked for are {length / 1_000_000} MB, and one answer has up to {MaxAnswer / 1_000_000}: ask for fewer at once, or without their vectors.");
        }
    }

    // A character has up to three bytes.
    private static long LengthOf(EmbeddingRecord record) => (3L * (record.Text.Length + record.Metadata.Length)) + (record.Vector.IsDefault ? 0 : record.Vector.Length * sizeof(float));

    private static ImmutableArray<EmbeddingRecord> Records(IReadOnlyList<StoredEmbedding> stored, bool withVectors) =>
        [.. stored.Select(record => EmbeddingSearch.Record(record, withVectors))];

    private static Caller Who() => CallerContext.Behalf ?? Caller.Kernel;
}
