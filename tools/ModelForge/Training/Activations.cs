namespace ModelForge.Training;

/// <summary>What the backward pass needs of the forward one, and its own scratch space.</summary>
internal sealed unsafe class Activations : IDisposable
{
    private readonly AlignedFloats[] _residuals;
    private readonly List<AlignedFloats> _owned = [];

    public Activations(ModelShape shape, int capacity)
    {
        Capacity = capacity;
        QkvWidth = shape.Width + 2 * shape.KvWidth;
        _residuals = [.. Enumerable.Range(0, shape.Layers + 1).Select(_ => Allocate(shape.Width))];
        Blocks = [.. Enumerable.Range(0, shape.Layers).Select(_ => new BlockActivations(
            Allocate(1), Allocate(shape.Width), Allocate(QkvWidth), Allocate(shape.Heads), Allocate(shape.Width), Allocate(shape.Width),
            Allocate(1), Allocate(shape.Width), Allocate(2 * shape.FeedForward), Allocate(shape.FeedForward)))];
        LearnedAttention = Allocate(shape.Width);
        ResidualGradient = Allocate(shape.Width);
        InputGradient = Allocate(shape.Width);
        QkvGradient = Allocate(QkvWidth);
        GateUpGradient = Allocate(2 * shape.FeedForward);
        HiddenGradient = Allocate(shape.FeedForward);
    }

    /// <summary>Rows there is space for.</summary>
    public int Capacity { get; }

    /// <summary>Queries, keys and values of a row.</summary>
    public int QkvWidth { get; }

    public IReadOnlyList<BlockActivations> Blocks { get; }

    /// <summary>What attention gathered in the last block, of the learned rows only.</summary>
    public AlignedFloats LearnedAttention { get; }

    public AlignedFloats ResidualGradient { get; }

    public AlignedFloats InputGradient { get; }

    public AlignedFloats QkvGradient { get; }

    public AlignedFloats GateUpGradient { get; }

    public AlignedFloats HiddenGradient { get; }

    /// <summary>The residual stream before block <paramref name="index"/>; behind the last, of the learned rows only, for the number of blocks.</summary>
    public float* Residual(int index) => _residuals[index].Pointer;

    public void Dispose() => _owned.ForEach(static floats => floats.Dispose());

    private AlignedFloats Allocate(int perRow)
    {
        _owned.Add(new AlignedFloats((long)perRow * Capacity));
        return _owned[^1];
    }
}
