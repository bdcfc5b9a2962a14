using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary><see cref="Transformer"/> for a GPU: the same layers in the same order, on a whole batch.</summary>
internal sealed class GpuTransformer : IDisposable
{
    /// <summary>Positions whose logits are computed at once: 128 MiB of them at 4,096 tokens.</summary>
    private const int Chunk = 8192;

    private readonly GpuDevice _device;
    private readonly ParameterLayout _layout;
    private readonly ModelShape _shape;
    private readonly GpuLayers _layers;
    private readonly GpuArray<int> _tokens;
    private readonly GpuArray<int> _positions;
    private readonly GpuArray<RowBlock> _queryBlocks;
    private readonly GpuArray<RowBlock> _keyBlocks;
    private readonly GpuArray<int> _distinct;
    private readonly GpuArray<int> _starts;
    private readonly GpuArray<int> _rows;
    private readonly GpuArray<int> _targetRows;
    private readonly GpuArray<int> _targets;
    private readonly GpuArray<float> _losses;
    private readonly GpuArray<int> _right;
    private readonly GpuArray<float> _outputInputs;
    private readonly GpuArray<float> _normalised;
    private readonly GpuArray<float> _scales;
    private readonly GpuArray<float> _logits;
    private readonly GpuArray<float> _outputGradients;
    private readonly GpuArray<float> _outputInputGradients;
    private readonly GpuArray<float> _cosines;
    private readonly GpuArray<float> _sines;
    private readonly GpuArray<float> _scratch;
    private GpuActivations? _activations;
    private int _turns;

    /// <exception cref="BadInputException">The kernels cannot compute this shape.</exception>
    public GpuTransformer(GpuDevice device, ParameterLayout layout)
    {
        (_device, _layout, _shape) = (device, layout, layout.Shape);
        if (_shape.HeadWidth != GpuKernels.Lanes || GpuKernels.Warps % (_shape.Heads / _shape.KvHeads) != 0)
            throw new BadInputException(
                $"On a GPU heads are {GpuKernels.Lanes} wide and 1, 2, 4 or 8 share a key head, and this model's are {_shape.HeadWidth} wide and {_shape.Heads / _shape.KvHeads}: leave out --gpu.");
        var accelerator = device.Accelerator;
        _layers = new GpuLayers(accelerator, _shape);
        (_tokens, _positions, _distinct, _starts, _rows) = (new(accelerator), new(accelerator), new(accelerator), new(accelerator), new(accelerator));
        (_targetRows, _targets, _right) = (new(accelerator), new(accelerator), new(accelerator));
        (_queryBlocks, _keyBlocks) = (new(accelerator), new(accelerator));
        (_losses, _outputInputs, _normalised, _scales, _logits) = (new(accelerator), new(accelerator), new(accelerator), new(accelerator), new(accelerator));
        (_outputGradients, _outputInputGradients, _cosines, _sines, _scratch) = (new(accelerator), new(accelerator), new(accelerator), new(accelerator), new(accelerator));
    }

    /// <summary>Predicts a micro-batch.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="batch">Documents.</param>
    /// <param name="gradient">Where the gradient of the loss is added; null to predict only.</param>
    /// <param name="scale">What the loss of a token counts in the gradient: one by the tokens of the whole step.</param>
    /// <param name="outcome">Where losses are counted.</param>
    /// <param name="dropout">What is left out of embeddings and of what the feed-forward layers compute.</param>
    public void Run(ArrayView<float> parameters, MicroBatch batch, ArrayView<float>? gradient, float scale, BatchOutcome outcome, Dropout dropout = default)
    {
        if (batch.Documents.Count == 0)
            return;
        var prepared = new GpuBatch(batch, _shape.Vocabulary, _layers.QueryRows, GpuKernels.Warps);
        var rows = batch.Inputs;
        var a = Reserve(rows);
        ReserveTurns(prepared.Positions.Max() + 1);
        var positions = _positions.Upload(prepared.Positions);
        var queryBlocks = _queryBlocks.Upload(prepared.QueryBlocks);
        Forward(parameters, rows, _tokens.Upload(prepared.Tokens), positions, queryBlocks, a, dropout);
        if (gradient is not null)
            Rows(a.ResidualGradient, rows, _shape.Width).MemSetToZero(_device.Accelerator.DefaultStream);
        Output(parameters, prepared, a, rows, gradient, scale);
        if (gradient is { } sums)
        {
            Backward(parameters, rows, positions, queryBlocks, _keyBlocks.Upload(prepared.KeyBlocks), a, sums, dropout);
            _layers.Drop(dropout.Of(_shape.Layers), Rows(a.ResidualGradient, rows, _shape.Width));
            _layers.EmbedBackward(
                prepared.DistinctTokens.Length, _distinct.Upload(prepared.DistinctTokens), _starts.Upload(prepared.TokenStarts), _rows.Upload(prepared.TokenRows),
                a.ResidualGradient, Tensor(sums, _layout.Embedding.Offset, _layout.Embedding.Length));
        }

        Count(batch, prepared, outcome);
    }

    public void Dispose()
    {
        foreach (var array in (IDisposable?[])
            [_tokens, _positions, _queryBlocks, _keyBlocks, _distinct, _starts, _rows, _targetRows, _targets, _losses, _right, _outputInputs, _normalised,
             _scales, _logits, _outputGradients, _outputInputGradients, _cosines, _sines, _scratch, _activations])
        {
            array?.Dispose();
        }
    }

    private static ArrayView<float> Tensor(ArrayView<float> parameters, long offset, long length) => parameters.SubView(offset, length);

    private static ArrayView<float> Rows(ArrayView<float> values, int rows, int width) => values.SubView(0, (long)rows * width);

    private GpuActivations Reserve(int rows)
    {
        if (_activations is null || _activations.Capacity < rows)
        {
            var grown = Math.Max(rows, (_activations?.Capacity ?? 0) * 5 / 4);
            _activations?.Dispose();
            _activations = new GpuActivations(_device.Accelerator, _shape, grown);
        }

        return _activations;
    }

    private void ReserveTurns(int positions)
    {
        if (positions <= _turns)
            return;
        var table = new RotaryPositions(_shape.HeadWidth);
        table.Reserve(positions);
        _cosines.Upload(table.Cosines);
        _sines.Upload(table.Sines);
        _turns = positions;
    }

    private void Forward(ArrayView<float> parameters, int rows, ArrayView<int> tokens, ArrayView<int> positions, ArrayView<RowBlock> queryBlocks, GpuActivations a, Dropout dropout)
    {
        var (width, ff, qkv) = (_shape.Width, _shape.FeedForward, _shape.Width + 2 * _shape.KvWidth);
        _layers.Embed(tokens, Tensor(parameters, _layout.Embedding.Offset, _layout.Embedding.Length), Rows(a.Residuals[0], rows, width));
        _layers.Drop(dropout.Of(_shape.Layers), Rows(a.Residuals[0], rows, width));
        for (var index = 0; index < _shape.Layers; index++)
        {
            var block = _layout.Blocks[index];
            var saved = a.Blocks[index];
            _layers.Norm(rows, a.Residuals[index], Tensor(parameters, block.AttentionNorm, width), saved.AttentionInput, saved.AttentionScale);
            Linear(saved.AttentionInput, width, parameters, block.QueryKeyValue, qkv, rows, saved.QueryKeyValue, accumulate: false);
            _layers.Turn(rows, backwards: false, positions, _cosines.View, _sines.View, saved.QueryKeyValue);
            _layers.Attend(queryBlocks, saved.QueryKeyValue, saved.AttentionOutput, saved.LogSums);
            Copy(a.Residuals[index], saved.Middle, rows * width);
            Linear(saved.AttentionOutput, width, parameters, block.AttentionOutput, width, rows, saved.Middle, accumulate: true);
            _layers.Norm(rows, saved.Middle, Tensor(parameters, block.FeedForwardNorm, width), saved.FeedForwardInput, saved.FeedForwardScale);
            Linear(saved.FeedForwardInput, width, parameters, block.GateUp, 2 * ff, rows, saved.GateUp, accumulate: false);
            _layers.SwiGlu(saved.GateUp, Rows(saved.Hidden, rows, ff));
            _layers.Drop(dropout.Of(index), Rows(saved.Hidden, rows, ff));
            Copy(saved.Middle, a.Residuals[index + 1], rows * width);
            Linear(saved.Hidden, ff, parameters, block.Down, width, rows, a.Residuals[index + 1], accumulate: true);
        }
    }

    private void Backward(
        ArrayView<float> parameters,
        int rows,
        ArrayView<int> positions,
        ArrayView<RowBlock> queryBlocks,
        ArrayView<RowBlock> keyBlocks,
        GpuActivations a,
        ArrayView<float> gradient,
        Dropout dropout)
    {
        var (width, ff, qkv) = (_shape.Width, _shape.FeedForward, _shape.Width + 2 * _shape.KvWidth);
        for (var index = _shape.Layers - 1; index >= 0; index--)
        {
            var block = _layout.Blocks[index];
            var saved = a.Blocks[index];
            LinearBackward(a.ResidualGradient, width, saved.Hidden, ff, parameters, gradient, block.Down, rows, a.HiddenGradient);
            _layers.Drop(dropout.Of(index), Rows(a.HiddenGradient, rows, ff));
            _layers.SwiGluBackward(saved.GateUp, Rows(a.HiddenGradient, rows, ff), a.GateUpGradient);
            LinearBackward(a.GateUpGradient, 2 * ff, saved.FeedForwardInput, width, parameters, gradient, block.GateUp, rows, a.InputGradient);
            _layers.NormBackward(
                rows, a.InputGradient, saved.Middle, Tensor(parameters, block.FeedForwardNorm, width), saved.FeedForwardScale, a.ResidualGradient,
                Tensor(gradient, block.FeedForwardNorm, width), _scratch);
            LinearBackward(a.ResidualGradient, width, saved.AttentionOutput, width, parameters, gradient, block.AttentionOutput, rows, a.InputGradient);
            _layers.AttendBackward(
                rows, queryBlocks, keyBlocks, saved.QueryKeyValue, saved.AttentionOutput, saved.LogSums, a.InputGradient, a.QkvGradient, _scratch);
            _layers.Turn(rows, backwards: true, positions, _cosines.View, _sines.View, a.QkvGradient);
            LinearBackward(a.QkvGradient, qkv, saved.AttentionInput, width, parameters, gradient, block.QueryKeyValue, rows, a.InputGradient);
            _layers.NormBackward(
                rows, a.InputGradient, a.Residuals[index], Tensor(parameters, block.AttentionNorm, width), saved.AttentionScale, a.ResidualGradient,
                Tensor(gradient, block.AttentionNorm, width), _scratch);
        }
    }

    /// <summary>The last norm, the logits and the cross-entropy, at the positions that are learned only.</summary>
    private void Output(ArrayView<float> parameters, GpuBatch batch, GpuActivations a, int rows, ArrayView<float>? gradient, float scale)
    {
        var (all, width) = (batch.Targets.Length, _shape.Width);
        var allRows = _targetRows.Upload(batch.TargetRows);
        var targets = _targets.Upload(batch.Targets);
        var (losses, right) = (_losses.Reserve(all), _right.Reserve(all));
        var norm = Tensor(parameters, _layout.OutputNorm.Offset, width);
        var embedding = new GpuMatrix(Tensor(parameters, _layout.Embedding.Offset, _layout.Embedding.Length), _shape.Vocabulary, width);
        for (var start = 0; start < all; start += Chunk)
        {
            var count = Math.Min(Chunk, all - start);
            var targetRows = allRows.SubView(start, count);
            var inputs = _outputInputs.Reserve((long)count * width);
            var normalised = new GpuMatrix(_normalised.Reserve((long)count * width), count, width);
            var scales = _scales.Reserve(count);
            var logits = new GpuMatrix(_logits.Reserve((long)count * _shape.Vocabulary), count, _shape.Vocabulary);
            _layers.Gather(targetRows, a.Residuals[_shape.Layers], inputs);
            _layers.Norm(count, inputs, norm, normalised.Elements, scales);
            _device.Product.Multiply(normalised, embedding.Transposed, logits.Elements);
            _layers.Loss(count, scale, targets.SubView(start, count), logits.Elements, losses.SubView(start, count), right.SubView(start, count));
            if (gradient is not { } sums)
                continue;
            _device.Product.Multiply(logits.Transposed, normalised, Tensor(sums, _layout.Embedding.Offset, _layout.Embedding.Length), accumulate: true);
            var gradients = _outputGradients.Reserve((long)count * width);
            _device.Product.Multiply(logits, embedding, gradients);
            var inputGradients = _outputInputGradients.Reserve((long)count * width);
            inputGradients.MemSetToZero(_device.Accelerator.DefaultStream);
            _layers.NormBackward(count, gradients, inputs, norm, scales, inputGradients, Tensor(sums, _layout.OutputNorm.Offset, width), _scratch);
            _layers.Scatter(targetRows, inputGradients, a.ResidualGradient);
        }
    }

    private void Count(MicroBatch batch, GpuBatch prepared, BatchOutcome outcome)
    {
        var count = prepared.Targets.Length;
        var (losses, right) = (new float[count], new int[count]);
        _losses.Reserve(count).CopyToCPU(losses);
        _right.Reserve(count).CopyToCPU(right);
        var documents = new (double Loss, int Right)[batch.Documents.Count];
        for (var i = 0; i < count; i++)
        {
            ref var document = ref documents[prepared.TargetDocuments[i]];
            document = (document.Loss + losses[i], document.Right + right[i]);
        }

        for (var index = 0; index < documents.Length; index++)
            outcome.Count(batch.Documents[index].Task, documents[index].Loss, batch.Documents[index].Targets, documents[index].Right);
    }

    /// <summary>target [rows × outputs] = input [rows × inputs] × weightsᵀ.</summary>
    private void Linear(ArrayView<float> input, int inputs, ArrayView<float> parameters, long weights, int outputs, int rows, ArrayView<float> target, bool accumulate) =>
        _device.Product.Multiply(
            new GpuMatrix(input, rows, inputs), new GpuMatrix(Tensor(parameters, weights, (long)outputs * inputs), outputs, inputs).Transposed, target, accumulate);

    /// <summary>Adds to the gradient of the weights and writes that of the input.</summary>
    private void LinearBackward(
        ArrayView<float> above, int outputs, ArrayView<float> input, int inputs, ArrayView<float> parameters, ArrayView<float> gradient, long weights, int rows, ArrayView<float> inputGradient)
    {
        var aboves = new GpuMatrix(above, rows, outputs);
        var length = (long)outputs * inputs;
        _device.Product.Multiply(aboves.Transposed, new GpuMatrix(input, rows, inputs), Tensor(gradient, weights, length), accumulate: true);
        _device.Product.Multiply(aboves, new GpuMatrix(Tensor(parameters, weights, length), outputs, inputs), inputGradient);
    }

    private void Copy(ArrayView<float> source, ArrayView<float> target, int count) =>
        source.SubView(0, count).CopyTo(_device.Accelerator.DefaultStream, target.SubView(0, count));
}
