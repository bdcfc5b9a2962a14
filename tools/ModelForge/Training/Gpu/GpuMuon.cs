using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary><see cref="Muon"/> for a GPU: the matrices of one kind in all blocks are orthogonalised together.</summary>
internal sealed class GpuMuon : IDisposable
{
    private readonly GpuDevice _device;
    private readonly Group[] _groups;
    private readonly GpuArray<float> _next;
    private readonly GpuArray<float> _gram;
    private readonly GpuArray<float> _square;
    private readonly Action<Index1D, float, float, ArrayView<byte>, ArrayView<float>, ArrayView<float>> _momentum;
    private readonly Action<KernelConfig, int, int, ArrayView<float>> _normalise;
    private readonly Action<Index1D, int, float, int, ArrayView<float>, float, int, ArrayView<float>> _combine;

    public GpuMuon(GpuDevice device, ParameterLayout layout)
    {
        _device = device;
        var accelerator = device.Accelerator;
        (_next, _gram, _square) = (new(accelerator), new(accelerator), new(accelerator));
        _momentum = accelerator.LoadAutoGroupedStreamKernel<Index1D, float, float, ArrayView<byte>, ArrayView<float>, ArrayView<float>>(GpuOptimizerKernels.Momentum);
        _normalise = accelerator.LoadStreamKernel<int, int, ArrayView<float>>(GpuOptimizerKernels.Normalise);
        _combine = accelerator.LoadAutoGroupedStreamKernel<Index1D, int, float, int, ArrayView<float>, float, int, ArrayView<float>>(GpuOptimizerKernels.Combine);

        // Blocks have the same tensors in the same order, so that the same one of each lies equally far behind the one before.
        _groups = [.. layout.Tensors.Where(Muon.IsFor)
            .GroupBy(static tensor => tensor.Name[tensor.Name.IndexOf('.', "blk.".Length)..])
            .Select(static group => group.ToArray())
            .Select(static tensors => new Group(
                tensors[0], tensors.Length, tensors.Length > 1 ? checked((int)(tensors[1].Offset - tensors[0].Offset)) : 0))];
    }

    /// <summary>Moves all matrices between hidden layers.</summary>
    /// <param name="kinds">Which parameters are theirs.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="gradient">Their gradient; overwritten.</param>
    /// <param name="clip">What the gradient is multiplied with.</param>
    /// <param name="momentum">Mean of the gradients.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">The part of a weight that is lost in a step, before <paramref name="rate"/>.</param>
    public void Step(
        ArrayView<byte> kinds, ArrayView<float> parameters, ArrayView<float> gradient, float clip, ArrayView<float> momentum, float rate, float weightDecay)
    {
        _momentum(gradient.IntLength, Muon.Momentum, clip, kinds, gradient, momentum);
        foreach (var group in _groups)
        {
            var (rows, columns) = (group.First.Rows, group.First.Columns);
            var steps = Of(gradient, group);
            _normalise(new KernelConfig(group.Count, GpuKernels.GroupSize), rows * columns, group.Stride, steps);
            for (var iteration = 0; iteration < Muon.Iterations; iteration++)
                Iterate(steps, group);
            var scale = -rate * Muon.StepSize * MathF.Sqrt(Math.Max(rows, columns));
            _combine(group.Count * rows * columns, rows * columns, 1 - rate * weightDecay, group.Stride, Of(parameters, group), scale, group.Stride, steps);
        }
    }

    public void Dispose()
    {
        _next.Dispose();
        _gram.Dispose();
        _square.Dispose();
    }

    private static ArrayView<float> Of(ArrayView<float> values, Group group) =>
        values.SubView(group.First.Offset, (group.Count - 1L) * group.Stride + group.First.Length);

    /// <summary>X ← aX + (bA + cA²)X with A = XXᵀ, on the shorter side.</summary>
    private void Iterate(ArrayView<float> steps, Group group)
    {
        var (rows, columns, count) = (group.First.Rows, group.First.Columns, group.Count);
        var (side, length) = (Math.Min(rows, columns), rows * columns);
        var square = side * side;
        var (gram, squares, next) = (_gram.Reserve((long)count * square), _square.Reserve((long)count * square), _next.Reserve((long)count * length));
        var x = new GpuMatrix(steps, rows, columns, BatchStride: group.Stride);
        var a = new GpuMatrix(gram, side, side, BatchStride: square);
        var wide = rows <= columns;
        _device.Product.Multiply(wide ? x : x.Transposed, wide ? x.Transposed : x, gram, batch: count, targetStride: square);
        _device.Product.Multiply(a, a, squares, batch: count, targetStride: square);
        _combine(count * square, square, Muon.Quintic, square, squares, Muon.Cubic, square, gram);
        var b = new GpuMatrix(squares, side, side, BatchStride: square);
        _device.Product.Multiply(wide ? b : x, wide ? x : b, next, batch: count, targetStride: length);
        _combine(count * length, length, Muon.Linear, group.Stride, steps, 1, length, next);
    }

    /// <param name="First">The tensor of the first block.</param>
    /// <param name="Count">Blocks.</param>
    /// <param name="Stride">From one block's to the next one's.</param>
    private sealed record Group(ParameterTensor First, int Count, int Stride);
}
