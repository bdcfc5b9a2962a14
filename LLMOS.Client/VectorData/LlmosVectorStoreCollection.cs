using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace LLMOS.Client.VectorData;

/// <summary>A collection of the embedding store, with records of an application's own type.</summary>
/// <typeparam name="TKey">string, Guid, int or long.</typeparam>
/// <typeparam name="TRecord">The type of records.</typeparam>
public sealed partial class LlmosVectorStoreCollection<TKey, TRecord> : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    private const int Page = 1_000;

    // What so many keys stand for goes into a message, unless they are of the largest texts.
    private const int KeysAtOnce = 100;

    private readonly LlmosClient _client;
    private readonly LlmosVectorStoreOptions _options;
    private readonly CollectionModel _model;
    private readonly RecordMapper<TKey, TRecord> _mapper;
    private readonly EmbeddingDistance _distance;
    private readonly bool _isDistance;

    internal LlmosVectorStoreCollection(LlmosClient client, string name, VectorStoreCollectionDefinition? definition, LlmosVectorStoreOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _client = client;
        _options = options;
        Name = name;
        var generator = options.EmbeddingGenerator ?? new StoreEmbeddingGenerator(client.Embeddings, options.Embedder);
        _model = typeof(TRecord) == typeof(Dictionary<string, object?>)
            ? new RecordModelBuilder().BuildDynamic(definition ?? throw new ArgumentNullException(nameof(definition)), generator)
            : new RecordModelBuilder().Build(typeof(TRecord), typeof(TKey), definition, generator);
        _mapper = new RecordMapper<TKey, TRecord>(_model);
        (_distance, _isDistance) = Vector.DistanceFunction switch
        {
            null or DistanceFunction.CosineSimilarity => (EmbeddingDistance.Cosine, false),
            DistanceFunction.CosineDistance => (EmbeddingDistance.Cosine, true),
            DistanceFunction.DotProductSimilarity => (EmbeddingDistance.DotProduct, false),
            var other => throw new NotSupportedException($"The distance function of '{Vector.ModelName}' is {other}: use CosineSimilarity, CosineDistance or DotProductSimilarity."),
        };
        if (Vector.IndexKind is not (null or IndexKind.Flat or IndexKind.QuantizedFlat or IndexKind.Dynamic))
        {
            throw new NotSupportedException($"The index of '{Vector.ModelName}' is to be {Vector.IndexKind}: the store scans vectors of 8-bit integers, which is QuantizedFlat; use that, Flat, Dynamic, or say nothing.");
        }
    }

    /// <inheritdoc />
    public override string Name { get; }

    private VectorPropertyModel Vector => _model.VectorProperty;

    private IEmbeddingStoreGrain Store => _client.Embeddings;

    /// <inheritdoc />
    public override async Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
        await StoreCall.RunAsync("find", Name, () => Store.FindAsync(Name), cancellationToken) is not null;

    /// <inheritdoc />
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => StoreCall.RunAsync(
        "create",
        Name,
        async () =>
        {
            // The vectors are the system's if it makes them, or could: then a text finds those that the application brings, too.
            var embedder = Embedders.None;
            if (Vector.EmbeddingGenerator is StoreEmbeddingGenerator system)
            {
                var made = await system.DescribeAsync(cancellationToken);
                if (made.Dimension == Vector.Dimensions)
                {
                    embedder = made.Embedder;
                }
                else if (Vector.Type == typeof(string))
                {
                    throw LlmosException.InvalidArgument(
                        $"'{made.Embedder}' makes vectors of {made.Dimension} floats, and '{Vector.ModelName}' has {Vector.Dimensions}: give the property that dimension, or another embedder.");
                }
            }

            return await Store.CreateAsync(new CollectionSpec { Name = Name, Dimension = Vector.Dimensions, Distance = _distance, Embedder = embedder, IsShared = _options.IsShared });
        },
        cancellationToken);

    /// <inheritdoc />
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        StoreCall.RunAsync("delete", Name, () => Store.DeleteAsync(Name), cancellationToken);

    /// <inheritdoc />
    public override async Task<TRecord?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        await foreach (var record in GetAsync([key], options, cancellationToken))
        {
            return record;
        }

        return null;
    }

    /// <inheritdoc />
    public override async IAsyncEnumerable<TRecord> GetAsync(
        IEnumerable<TKey> keys, RecordRetrievalOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var withVectors = WithVectors(options?.IncludeVectors);
        foreach (var some in keys.Select(RecordMapper<TKey, TRecord>.KeyOf).Chunk(KeysAtOnce))
        {
            foreach (var record in await StoreCall.RunAsync("get", Name, () => Store.GetAsync(Name, ImmutableArray.Create(some), withVectors), cancellationToken))
            {
                yield return _mapper.FromStore(record);
            }
        }
    }

    /// <inheritdoc />
    public override async IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<TRecord>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var wanted = FilterTranslator.Translate(_model, filter);
        var withVectors = WithVectors(options?.IncludeVectors);
        var order = options?.OrderBy?.Invoke(new FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition()).Values ?? [];
        var skip = options?.Skip ?? 0;
        if (order.Count == 0)
        {
            await foreach (var record in ScanAsync(wanted, (long)skip + top, withVectors, cancellationToken))
            {
                if (skip-- <= 0)
                {
                    yield return _mapper.FromStore(record);
                }
            }

            yield break;
        }

        // The store has an order of its own, that of the keys; another one is made here, of all that the filter lets through.
        var all = new List<TRecord>();
        await foreach (var record in ScanAsync(wanted, long.MaxValue, withVectors, cancellationToken))
        {
            all.Add(_mapper.FromStore(record));
        }

        IOrderedEnumerable<TRecord>? sorted = null;
        foreach (var by in order)
        {
            var property = _model.GetDataOrKeyProperty(by.PropertySelector);
            sorted = (sorted, by.Ascending) switch
            {
                (null, true) => all.OrderBy(property.GetValueAsObject),
                (null, false) => all.OrderByDescending(property.GetValueAsObject),
                (_, true) => sorted.ThenBy(property.GetValueAsObject),
                _ => sorted.ThenByDescending(property.GetValueAsObject),
            };
        }

        foreach (var record in sorted!.Skip(skip).Take(top))
        {
            yield return record;
        }
    }

    /// <inheritdoc />
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) => DeleteAsync([key], cancellationToken);

    /// <inheritdoc />
    public override async Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var some in keys.Select(RecordMapper<TKey, TRecord>.KeyOf).Chunk(IEmbeddingStoreGrain.MaxBatch))
        {
            await StoreCall.RunAsync("delete", Name, () => Store.RemoveAsync(Name, ImmutableArray.Create(some)), cancellationToken);
        }
    }

    /// <inheritdoc />
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    /// <inheritdoc />
    public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var some in _mapper.Batches(records))
        {
            var vectors = await VectorsAsync(some, cancellationToken);
            ImmutableArray<EmbeddingRecord> stored = [.. some.Zip(vectors, _mapper.ToStore)];
            await StoreCall.RunAsync(
                "upsert",
                Name,
                async () =>
                {
                    await Store.UpsertAsync(Name, stored);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata) ? new VectorStoreCollectionMetadata { VectorStoreSystemName = LlmosVectorStore.SystemName, CollectionName = Name }
            : serviceType.IsInstanceOfType(_client) ? _client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    private async IAsyncEnumerable<EmbeddingRecord> ScanAsync(MetadataFilter? filter, long most, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; most > 0;)
        {
            var page = await StoreCall.RunAsync("get", Name, () => Store.ScanAsync(Name, filter, after, (int)Math.Min(Page, most), withVectors), cancellationToken);
            foreach (var record in page)
            {
                yield return record;
            }

            // A page of large records has fewer than it may have, and is not the last for that.
            if (page.IsEmpty)
            {
                yield break;
            }

            most -= page.Length;
            after = page[^1].Key;
        }
    }

    private async Task<IReadOnlyList<ImmutableArray<float>>> VectorsAsync(TRecord[] records, CancellationToken cancellationToken)
    {
        var values = records.Select(Vector.GetValueAsObject).ToArray();
        if (values.Select(RecordMapper<TKey, TRecord>.VectorOf).ToArray() is var vectors && vectors.All(vector => vector is not null))
        {
            return [.. vectors.Select(vector => vector!.Value)];
        }

        if (Vector.EmbeddingGenerationDispatcher is null || values.Any(value => value is null))
        {
            throw new ArgumentException($"A record has no '{Vector.ModelName}', from which its vector is.", nameof(records));
        }

        var embedded = await StoreCall.RunAsync("embed", Name, () => Vector.GenerateEmbeddingsAsync(values!, cancellationToken), cancellationToken);
        return [.. embedded.Select(embedding => RecordMapper<TKey, TRecord>.VectorOf(embedding)!.Value)];
    }

    private bool WithVectors(bool? asked) => asked == true && Vector.Type == typeof(string)
        ? throw new NotSupportedException($"'{Vector.ModelName}' is the text that a vector was made of, so no vector can be put there: give the property a type of {RecordModelBuilder.VectorTypes}, or leave IncludeVectors out.")
        : asked == true;
}
