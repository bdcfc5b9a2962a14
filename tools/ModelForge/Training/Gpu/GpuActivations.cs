using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary><see cref="Activations"/> in the memory of a GPU.</summary>
internal sealed class GpuActivations : IDisposable
{
    private readonly List<MemoryBuffer> _owned = [];
    private readonly Accelerator _accelerator;

    public GpuActivations(Accelerator accelerator, ModelShape shape, int capacity)
    {
        _accelerator = accelerator;
        Capacity = capacity;
        var qkv = shape.Width + 2 * shape.KvWidth;
        Residuals = [.. Enumerable.Range(0, shape.Layers + 1).Select(_ => Allocate(shape.Width))];
        Blocks = [.. Enumerable.Range(0, shape.Layers).Select(_ => new GpuBlockActivations(
            Allocate(1), Allocate(shape.Width), Allocate(qkv), Allocate(shape.Heads), Allocate(shape.Width), Allocate(shape.Width),
            Allocate(1), Allocate(shape.Width), Allocate(2 * shape.FeedForward), Allocate(shape.FeedForward)))];
        ResidualGradient = Allocate(shape.Width);
        InputGradient = Allocate(shape.Width);
        QkvGradient = Allocate(qkv);
        GateUpGradient = Allocate(2 * shape.FeedForward);
        HiddenGradient = Allocate(shape.FeedForward);
    }

    /// <summary>Rows there is space for.</summary>
    public int Capacity { get; }

    /// <summary>The residual stream before each block, and behind the last.</summary>
    public IReadOnlyList<ArrayView<float>> Residuals { get; }

    public IReadOnlyList<GpuBlockActivations> Blocks { get; }

    public ArrayView<float> ResidualGradient { get; }

    public ArrayView<float> InputGradient { get; }

    public ArrayView<float> QkvGradient { get; }

    public ArrayView<float> GateUpGradient { get; }

    public ArrayView<float> HiddenGradient { get; }

    public void Dispose() => _owned.ForEach(static buffer => buffer.Dispose());

    private ArrayView<float> Allocate(int perRow)
    {
        var buffer = _accelerator.Allocate1D<float>((long)perRow * Capacity);
        _owned.Add(buffer);
        return buffer.View;
    }
}
