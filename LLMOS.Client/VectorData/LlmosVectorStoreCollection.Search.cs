using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Embeddings;
using Microsoft.Extensions.VectorData;

namespace LLMOS.Client.VectorData;

// What searches do: by a vector or a text, and by words beside.
public sealed partial class LlmosVectorStoreCollection<TKey, TRecord>
{
    /// <inheritdoc />
    public override async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new VectorSearchOptions<TRecord>();
        EnsureVector(options.VectorProperty);
        var query = new EmbeddingQuery
        {
            Vector = await VectorOfAsync(searchValue, cancellationToken),
            Filter = FilterTranslator.Translate(_model, options.Filter),
            Limit = Checked(top),
            Skip = options.Skip,
            WithVectors = WithVectors(options.IncludeVectors),
        };
        foreach (var match in await StoreCall.RunAsync("search", Name, () => Store.SearchAsync(Name, query), cancellationToken))
        {
            var score = _isDistance ? 1 - match.Score : match.Score;
            if (options.ScoreThreshold is not { } threshold || (_isDistance ? score <= threshold : score >= threshold))
            {
                yield return new VectorSearchResult<TRecord>(_mapper.FromStore(match.Record), score);
            }
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue,
        ICollection<string> keywords,
        int top,
        HybridSearchOptions<TRecord>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(keywords);
        options ??= new HybridSearchOptions<TRecord>();
        EnsureVector(options.VectorProperty);
        _ = _model.GetFullTextDataPropertyOrSingle(options.AdditionalProperty);
        var query = new EmbeddingQuery
        {
            Vector = await VectorOfAsync(searchValue, cancellationToken),
            Words = string.Join(' ', keywords),
            Filter = FilterTranslator.Translate(_model, options.Filter),
            Limit = Checked(top),
            Skip = options.Skip,
            WithVectors = WithVectors(options.IncludeVectors),
        };
        foreach (var match in await StoreCall.RunAsync("search", Name, () => Store.SearchAsync(Name, query), cancellationToken))
        {
            if (options.ScoreThreshold is not { } threshold || match.Score >= threshold)
            {
                yield return new VectorSearchResult<TRecord>(_mapper.FromStore(match.Record), match.Score);
            }
        }
    }

    private void EnsureVector(Expression<Func<TRecord, object?>>? property) =>
        _ = _model.GetVectorPropertyOrSingle(new VectorSearchOptions<TRecord> { VectorProperty = property });

    private async Task<ImmutableArray<float>> VectorOfAsync<TInput>(TInput value, CancellationToken cancellationToken)
    {
        if (RecordMapper<TKey, TRecord>.VectorOf(value) is { } vector)
        {
            return vector;
        }

        if (Vector.EmbeddingGenerationDispatcher is null || value is null)
        {
            throw new NotSupportedException($"A {typeof(TInput).Name} is nothing to search by: use {RecordModelBuilder.VectorTypes}, or a text and a generator that embeds it.");
        }

        var embedding = await StoreCall.RunAsync("embed", Name, () => Vector.GenerateEmbeddingAsync(value, cancellationToken), cancellationToken);
        return RecordMapper<TKey, TRecord>.VectorOf(embedding)!.Value;
    }

    private static int Checked(int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return top;
    }
}
