using LLMOS.Inference.Gguf;

namespace LLMOS.Silo.Models;

/// <summary>What a model takes of a device's memory, estimated from the head of its file before it is loaded.</summary>
internal static class ModelFootprint
{
    private const int FewestCells = 4096;
    private const int DefaultCells = 16_384;
    private const int MostCells = 32_768;
    private const int BytesPerKvElement = 2;
    private const int MicroBatch = 512;

    // Past this a cache is worth asking for in so many words.
    private const long LargestDefaultCache = 2L << 30;

    /// <summary>KV cells for all sequences together, where nothing was configured: enough for one of full length, and for dozens of short ones.</summary>
    public static int DefaultContextCells(GgufFile file)
    {
        var cells = (int)Math.Clamp(file.Summary.ContextLength ?? DefaultCells, DefaultCells, MostCells);
        while (cells > FewestCells && CacheBytes(file, cells) > LargestDefaultCache)
        {
            cells /= 2;
        }

        return cells;
    }

    /// <summary>The keys and values of so many cells in half precision, and the buffers of a micro-batch.</summary>
    public static long CacheBytes(GgufFile file, int cells)
    {
        var summary = file.Summary;
        var layers = summary.LayerCount ?? 0;
        var width = summary.EmbeddingLength ?? 0;
        var heads = Math.Max(1, Number(file, "attention.head_count") ?? 1);
        var kvHeads = Number(file, "attention.head_count_kv") ?? heads;
        var keyLength = Number(file, "attention.key_length") ?? width / heads;
        var valueLength = Number(file, "attention.value_length") ?? width / heads;
        var feedForward = Number(file, "feed_forward_length") ?? 4 * width;
        var cache = layers * kvHeads * (keyLength + valueLength) * BytesPerKvElement * cells;
        var buffers = MicroBatch * ((summary.VocabularySize ?? 0) + (2 * feedForward) + (4 * width)) * sizeof(float);
        return cache + buffers;
    }

    /// <summary>The keys and values of one cell in half precision.</summary>
    public static long CellBytes(GgufFile file) => CacheBytes(file, 2) - CacheBytes(file, 1);

    private static long? Number(GgufFile file, string key) =>
        file.Summary.Architecture is { } architecture ? file.Metadata.GetValueOrDefault($"{architecture}.{key}")?.WholeNumber : null;
}
