using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary>How the shape of a model goes into a GGUF file.</summary>
internal static class ShapeMetadata
{
    /// <summary>Of RMSNorm.</summary>
    public const float NormEpsilon = 1e-5f;

    /// <summary>The base of the rotary frequencies.</summary>
    public const float RotaryBase = 10_000;

    /// <summary>Adds the matrices' type and the architecture's dimensions.</summary>
    public static void AddTo(GgufWriter writer, string architecture, ModelShape shape, GgmlType type)
    {
        writer.Add("general.file_type", type switch { GgmlType.F32 => 0u, GgmlType.F16 => 1u, GgmlType.Q4_0 => 2u, _ => 7u });
        writer.Add("general.quantization_version", 2u);
        writer.Add($"{architecture}.context_length", (uint)shape.ContextLength);
        writer.Add($"{architecture}.embedding_length", (uint)shape.Width);
        writer.Add($"{architecture}.block_count", (uint)shape.Layers);
        writer.Add($"{architecture}.feed_forward_length", (uint)shape.FeedForward);
        writer.Add($"{architecture}.attention.head_count", (uint)shape.Heads);
        writer.Add($"{architecture}.attention.head_count_kv", (uint)shape.KvHeads);
        writer.Add($"{architecture}.attention.layer_norm_rms_epsilon", NormEpsilon);
        writer.Add($"{architecture}.rope.dimension_count", (uint)shape.HeadWidth);
        writer.Add($"{architecture}.rope.freq_base", RotaryBase);
        writer.Add($"{architecture}.vocab_size", (uint)shape.Vocabulary);
    }
}
