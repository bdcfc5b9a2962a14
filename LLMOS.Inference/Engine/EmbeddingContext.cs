using System.Numerics.Tensors;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Engine;

/// <summary>A native context for embeddings. One micro-batch holds whole texts, so that pooling sees all tokens of each.</summary>
internal sealed unsafe class EmbeddingContext : IDisposable
{
    private const int Unspecified = -1;
    private const int PoolingNone = 0;
    private const int PoolingRank = 4;

    private readonly LlamaContextHandle _handle;
    private readonly BatchBuffer _batch;
    private readonly nint _memory;
    private readonly int _length;
    private readonly int _mostTexts;
    private readonly NativeFaults? _faults;

    public EmbeddingContext(LlamaModel model, EngineOptions options)
    {
        _length = model.EmbeddingLength;
        _mostTexts = MostTexts(model);
        MaxTokens = options.EmbeddingTokens;
        _faults = options.Faults;
        using var log = LlamaLog.Capture();
        var pooling = options.Pooling is { } wanted ? (int)wanted : Unspecified;
        _handle = Create(model, options, pooling);
        var actual = _handle.IsInvalid ? Unspecified : LlamaNative.PoolingType(_handle);
        if (actual == PoolingNone)
        {
            _handle.Dispose();
            _handle = Create(model, options, (int)EmbeddingPooling.Mean);
        }
        if (_handle.IsInvalid || actual == PoolingRank)
        {
            _handle.Dispose();
            throw new LlamaException(
                LlamaError.NotSupported,
                actual == PoolingRank
                    ? $"The model '{model.Name}' ranks texts instead of embedding them: use an embedding model."
                    : $"llama.cpp could not make an embedding context for the model '{model.Name}'{log.Because()}: use an embedding model, or fewer EmbeddingTokens than {options.EmbeddingTokens}.");
        }
        _handle.Bind(model.Handle);
        _handle.UseThreads(options.ComputeThreads, !options.ThreadsWithoutPool);
        _memory = LlamaNative.GetMemory(_handle);
        _batch = new BatchBuffer(MaxTokens, model.VocabularySize);
    }

    /// <summary>Most tokens in a batch, and so in a text.</summary>
    public int MaxTokens { get; }

    /// <summary>Embeds as many of the texts, from the first on, as fit into one batch.</summary>
    /// <returns>Their embeddings, of unit length.</returns>
    public float[][] EmbedSome(IReadOnlyList<int[]> texts, int first)
    {
        _batch.Clear();
        var count = 0;
        while (first + count < texts.Count && count < _mostTexts && _batch.Count + texts[first + count].Length <= MaxTokens)
        {
            var tokens = texts[first + count];
            for (var i = 0; i < tokens.Length; i++)
                _batch.Add(tokens[i], i, count, output: true);
            count++;
        }

        if (_memory != 0)
            LlamaNative.MemoryClear(_memory, data: true);
        using var log = LlamaLog.Capture();
        var result = _faults?.BeforeEmbedding?.Invoke(_batch) is { } fault and not 0 ? fault : LlamaNative.Decode(_handle, _batch.ToNative());
        if (result != 0)
            throw new LlamaException(LlamaError.SequenceFailed, $"llama.cpp failed to embed {count} texts of {_batch.Count} tokens (result {result}){log.Because()}.");

        var embeddings = new float[count][];
        for (var i = 0; i < count; i++)
            embeddings[i] = Normalised(i);
        return embeddings;
    }

    public void Dispose()
    {
        _handle.Dispose();
        _batch.Dispose();
    }

    private float[] Normalised(int sequence)
    {
        var native = LlamaNative.GetSequenceEmbedding(_handle, sequence);
        if (native is null)
            throw new LlamaException(LlamaError.NotSupported, "The model gives no embedding for a text: use an embedding model.");
        var embedding = new ReadOnlySpan<float>(native, _length).ToArray();
        var norm = TensorPrimitives.Norm<float>(embedding);
        if (!float.IsFinite(norm) || norm == 0)
            throw new LlamaException(LlamaError.SequenceFailed, "The model's embedding of a text is zero or not a number: the model file may be damaged.");
        TensorPrimitives.Divide(embedding, norm, embedding);
        return embedding;
    }

    private static int MostTexts(LlamaModel model) => model.IsRecurrent ? 16 : 64;

    private static LlamaContextHandle Create(LlamaModel model, EngineOptions options, int pooling)
    {
        var parameters = LlamaNative.ContextDefaultParams();
        // llama.cpp ends the process while it measures the pooling graph unless the batch is a multiple of the number of sequences.
        var texts = (uint)MostTexts(model);
        var tokens = ((uint)options.EmbeddingTokens + texts - 1) / texts * texts;
        parameters.ContextCells = tokens;
        parameters.BatchTokens = tokens;
        parameters.MicroBatchTokens = tokens;
        parameters.MaxOutputs = tokens;
        parameters.MaxSequences = texts;
        parameters.PoolingType = pooling;
        parameters.Embeddings = 1;
        parameters.UnifiedKv = 1;
        parameters.NoPerf = 1;
        lock (model.AdapterGate)
            return LlamaNative.InitFromModel(model.Handle, parameters);
    }
}
