using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary>The kernels of <see cref="GpuKernels"/> and <see cref="GpuAttentionKernels"/>, compiled for a device.</summary>
internal sealed class GpuLayers(Accelerator accelerator, ModelShape shape)
{
    private readonly AttentionShape _attention = new(shape);

    private readonly Action<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>> _embed =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>>(GpuKernels.Embed);

    private readonly Action<KernelConfig, int, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>> _embedBackward =
        accelerator.LoadStreamKernel<int, ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<float>, ArrayView<float>>(GpuKernels.EmbedBackward);

    private readonly Action<KernelConfig, int, int, float, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _norm =
        accelerator.LoadStreamKernel<int, int, float, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuKernels.Norm);

    private readonly Action<KernelConfig, int, int, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _normBackward =
        accelerator.LoadStreamKernel<int, int, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuKernels.NormBackward);

    private readonly Action<KernelConfig, int, int, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _normWeights =
        accelerator.LoadStreamKernel<int, int, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuKernels.NormWeights);

    private readonly Action<Index1D, int, int, ArrayView<float>, ArrayView<float>> _addRows =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, int, ArrayView<float>, ArrayView<float>>(GpuKernels.AddRows);

    private readonly Action<Index1D, int, ArrayView<float>, ArrayView<float>> _swiGlu =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<float>, ArrayView<float>>(GpuKernels.SwiGlu);

    private readonly Action<Index1D, int, ArrayView<float>, ArrayView<float>, ArrayView<float>> _swiGluBackward =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuKernels.SwiGluBackward);

    private readonly Action<Index1D, int, int, float, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _turn =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, int, float, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuKernels.Turn);

    private readonly Action<Index1D, uint, float, ArrayView<float>> _drop =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, uint, float, ArrayView<float>>(GpuKernels.Drop);

    private readonly Action<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>> _gather =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>>(GpuKernels.Gather);

    private readonly Action<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>> _scatter =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<int>, ArrayView<float>, ArrayView<float>>(GpuKernels.Scatter);

    private readonly Action<KernelConfig, int, float, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<int>> _loss =
        accelerator.LoadStreamKernel<int, float, ArrayView<int>, ArrayView<float>, ArrayView<float>, ArrayView<int>>(GpuKernels.Loss);

    private readonly Action<KernelConfig, AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _attend =
        accelerator.LoadStreamKernel<AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuAttentionKernels.Forward);

    private readonly Action<KernelConfig, AttentionShape, int, ArrayView<float>, ArrayView<float>, ArrayView<float>> _side =
        accelerator.LoadStreamKernel<AttentionShape, int, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuAttentionKernels.Side);

    private readonly Action<KernelConfig, AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _queryGradient =
        accelerator.LoadStreamKernel<AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuAttentionKernels.QueryGradient);

    private readonly Action<KernelConfig, AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _keyGradient =
        accelerator.LoadStreamKernel<AttentionShape, ArrayView<RowBlock>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuAttentionKernels.KeyGradient);

    /// <summary>Rows that one group of attention has the queries of: with all heads of a key head, as many as it has warps.</summary>
    public int QueryRows => GpuKernels.Warps / _attention.Repeats;

    private int Width => shape.Width;

    public void Embed(ArrayView<int> tokens, ArrayView<float> embedding, ArrayView<float> residual) =>
        _embed(checked((int)residual.Length), Width, tokens, embedding, residual);

    public void EmbedBackward(
        int distinct, ArrayView<int> tokens, ArrayView<int> starts, ArrayView<int> rows, ArrayView<float> residualGradient, ArrayView<float> gradient) =>
        _embedBackward(Groups(distinct), Width, tokens, starts, rows, residualGradient, gradient);

    public void Norm(int rows, ArrayView<float> input, ArrayView<float> weights, ArrayView<float> target, ArrayView<float> scales) =>
        _norm(Groups(Divide(rows, GpuKernels.Warps)), rows, Width, ShapeMetadata.NormEpsilon, input, weights, target, scales);

    /// <summary>Adds the gradients of a norm's input and of its weights.</summary>
    public void NormBackward(
        int rows,
        ArrayView<float> gradient,
        ArrayView<float> input,
        ArrayView<float> weights,
        ArrayView<float> scales,
        ArrayView<float> inputGradient,
        ArrayView<float> weightGradient,
        GpuArray<float> scratch)
    {
        var blocks = Divide(rows, GpuKernels.NormRows);
        var sums = scratch.Reserve((long)blocks * Width);
        _normWeights(Groups(blocks), rows, Width, gradient, input, scales, sums);
        _addRows(Width, blocks, Width, sums, weightGradient);
        _normBackward(Groups(Divide(rows, GpuKernels.Warps)), rows, Width, gradient, input, weights, scales, inputGradient);
    }

    public void SwiGlu(ArrayView<float> gateUp, ArrayView<float> hidden) => _swiGlu(checked((int)hidden.Length), shape.FeedForward, gateUp, hidden);

    public void SwiGluBackward(ArrayView<float> gateUp, ArrayView<float> hiddenGradient, ArrayView<float> gradient) =>
        _swiGluBackward(checked((int)hiddenGradient.Length), shape.FeedForward, gateUp, hiddenGradient, gradient);

    /// <summary>Turns queries and keys to their positions, or back.</summary>
    public void Turn(int rows, bool backwards, ArrayView<int> positions, ArrayView<float> cosines, ArrayView<float> sines, ArrayView<float> queryKeyValue)
    {
        var heads = shape.Heads + shape.KvHeads;
        _turn(rows * heads * (GpuKernels.Lanes / 2), heads, _attention.Stride, backwards ? -1 : 1, positions, cosines, sines, queryKeyValue);
    }

    public void Drop(Dropout dropout, ArrayView<float> values)
    {
        if (dropout.Share > 0)
            _drop(checked((int)values.Length), dropout.Seed, dropout.Share, values);
    }

    public void Gather(ArrayView<int> rows, ArrayView<float> source, ArrayView<float> target) => _gather(checked((int)target.Length), Width, rows, source, target);

    public void Scatter(ArrayView<int> rows, ArrayView<float> source, ArrayView<float> target) => _scatter(checked((int)source.Length), Width, rows, source, target);

    public void Loss(int rows, float scale, ArrayView<int> targets, ArrayView<float> logits, ArrayView<float> losses, ArrayView<int> right) =>
        _loss(Groups(rows), shape.Vocabulary, scale, targets, logits, losses, right);

    public void Attend(ArrayView<RowBlock> queryBlocks, ArrayView<float> queryKeyValue, ArrayView<float> output, ArrayView<float> logSums) =>
        _attend(Pairs(queryBlocks), _attention, queryBlocks, queryKeyValue, output, logSums);

    /// <summary>Writes the gradients of turned queries, turned keys, and values.</summary>
    public void AttendBackward(
        int rows,
        ArrayView<RowBlock> queryBlocks,
        ArrayView<RowBlock> keyBlocks,
        ArrayView<float> queryKeyValue,
        ArrayView<float> output,
        ArrayView<float> logSums,
        ArrayView<float> outputGradient,
        ArrayView<float> gradient,
        GpuArray<float> scratch)
    {
        var pairs = rows * shape.Heads;
        var sides = scratch.Reserve(pairs);
        _side(Groups(Divide(pairs, GpuKernels.Warps)), _attention, pairs, output, outputGradient, sides);
        _queryGradient(Pairs(queryBlocks), _attention, queryBlocks, queryKeyValue, logSums, sides, outputGradient, gradient);
        _keyGradient(Pairs(keyBlocks), _attention, keyBlocks, queryKeyValue, logSums, sides, outputGradient, gradient);
    }

    private static KernelConfig Groups(int count) => new(count, GpuKernels.GroupSize);

    private static int Divide(int count, int size) => (count + size - 1) / size;

    /// <summary>A group for each block and key head.</summary>
    private KernelConfig Pairs(ArrayView<RowBlock> blocks) => new(new Index2D(blocks.IntLength, shape.KvHeads), new Index2D(GpuKernels.GroupSize, 1));
}
