using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary>The dimensions of a llama-architecture model.</summary>
/// <param name="Width">Embedding length: the size of the residual stream.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Query heads; they divide the width.</param>
/// <param name="KvHeads">Key and value heads; they divide the query heads.</param>
/// <param name="FeedForward">Size of the gated feed-forward layer.</param>
/// <param name="Vocabulary">Tokens, special and byte tokens included.</param>
/// <param name="ContextLength">The context length, in tokens, that the model declares to be made for.</param>
public sealed record ModelShape(int Width, int Layers, int Heads, int KvHeads, int FeedForward, int Vocabulary, int ContextLength)
{
    private const int MaximumWidth = 131_072;
    private const int MaximumFeedForward = 1_048_576;

    /// <summary>The most blocks that llama.cpp loads.</summary>
    private const int MaximumLayers = 512;

    /// <summary>1.3 M parameters, 1.4 MB in Q8_0: loads in milliseconds.</summary>
    public static ModelShape Tiny { get; } = new(Width: 128, Layers: 4, Heads: 4, KvHeads: 2, FeedForward: 384, Vocabulary: 2048, ContextLength: 8192);

    /// <summary>5.5 M parameters: the embedded default, small enough to be trained and to answer on two cores.</summary>
    public static ModelShape Nano { get; } = new(Width: 256, Layers: 8, Heads: 8, KvHeads: 2, FeedForward: 512, Vocabulary: 4096, ContextLength: 2048);

    /// <summary>124.7 M parameters, 127 MiB in Q8_0: decodes at the speed of a trained model of its size.</summary>
    public static ModelShape M125 { get; } = new(Width: 768, Layers: 12, Heads: 12, KvHeads: 4, FeedForward: 2048, Vocabulary: 32_000, ContextLength: 4096);

    /// <summary>Size of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Size of all key heads together, and of all value heads.</summary>
    public int KvWidth => HeadWidth * KvHeads;

    /// <summary>Weights of all tensors, norms included.</summary>
    public long ParameterCount =>
        2L * Vocabulary * Width + Width
        + Layers * (2L * Width * Width + 2L * Width * KvWidth + 3L * Width * FeedForward + 2L * Width);

    /// <summary>Checks that llama.cpp can load the shape with its matrices in <paramref name="type"/>.</summary>
    /// <exception cref="InvalidModelShapeException">It cannot; the message names the value and what would do.</exception>
    public void Validate(GgmlType type)
    {
        InRange("dim", Width, 8, MaximumWidth);
        InRange("layers", Layers, 1, MaximumLayers);
        InRange("heads", Heads, 1, Width);
        InRange("kv-heads", KvHeads, 1, Heads);
        InRange("ff", FeedForward, 1, MaximumFeedForward);
        InRange("vocab", Vocabulary, ForgedVocabulary.MinimumSize, ForgedVocabulary.MaximumSize);
        InRange("context", ContextLength, 1, int.MaxValue);
        if (Width % Heads != 0)
            throw new InvalidModelShapeException($"The heads must divide the width, and {Heads} heads do not divide dim {Width}.");
        if (HeadWidth % 2 != 0)
            throw new InvalidModelShapeException($"A head's size must be even for rotary positions, and dim {Width} with {Heads} heads gives heads of {HeadWidth}.");
        if (Heads % KvHeads != 0)
            throw new InvalidModelShapeException($"The kv heads must divide the heads, and {KvHeads} kv heads do not divide {Heads} heads.");
        if (!BlockEncoder.Supports(type))
            throw new InvalidModelShapeException($"Models are written as F32, F16, Q8_0 or Q4_0, not as {type}.");
        GgmlTypeGeometry.TryGet(type, out var geometry);
        WholeBlocks("dim", Width, type, geometry.BlockLength);
        WholeBlocks("ff", FeedForward, type, geometry.BlockLength);
    }

    private static void InRange(string name, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new InvalidModelShapeException($"{name} must be from {least} to {most}, not {value}.");
    }

    private static void WholeBlocks(string name, int value, GgmlType type, int blockLength)
    {
        if (value % blockLength != 0)
            throw new InvalidModelShapeException($"{type} packs {blockLength} weights to a block, so {name} must be a multiple of {blockLength}, not {value}.");
    }
}
