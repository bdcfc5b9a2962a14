namespace ModelForge.Training.Gpu;

/// <summary>Where heads lie in a row of queries, keys and values.</summary>
internal readonly struct AttentionShape(ModelShape shape)
{
    /// <summary>Of the residual stream: all query heads.</summary>
    public readonly int Width = shape.Width;

    /// <summary>Of all key heads.</summary>
    public readonly int KvWidth = shape.KvWidth;

    /// <summary>Of a row.</summary>
    public readonly int Stride = shape.Width + 2 * shape.KvWidth;

    public readonly int Heads = shape.Heads;

    /// <summary>Query heads that share a key head.</summary>
    public readonly int Repeats = shape.Heads / shape.KvHeads;

    /// <summary>What a score is multiplied with.</summary>
    public readonly float Scale = 1 / MathF.Sqrt(shape.HeadWidth);

    public readonly int KeyColumn(int head) => Width + head * GpuKernels.Lanes;

    public readonly int ValueColumn(int head) => Width + KvWidth + head * GpuKernels.Lanes;
}
