using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>The last norm, the logits and the cross-entropy, at the positions that are learned only.</summary>
internal sealed unsafe class OutputLoss(ParameterLayout layout) : IDisposable
{
    /// <summary>Positions computed at once, so that the logits of a long document do not fill the memory.</summary>
    private const int Chunk = 256;

    private const int Width = 8;

    private readonly int _width = layout.Shape.Width;
    private readonly int _vocabulary = layout.Shape.Vocabulary;
    private readonly AlignedFloats _inputs = new((long)Chunk * layout.Shape.Width);
    private readonly AlignedFloats _normalised = new((long)Chunk * layout.Shape.Width);
    private readonly AlignedFloats _scales = new(Chunk);
    private readonly AlignedFloats _gradients = new((long)Chunk * layout.Shape.Width);
    private readonly AlignedFloats _inputGradients = new((long)Chunk * layout.Shape.Width);
    private readonly AlignedFloats _logits = new((long)Chunk * layout.Shape.Vocabulary);
    private readonly Position[] _positions = new Position[Chunk];

    /// <summary>Counts the losses of a micro-batch, and adds their gradients where there is a place for them. The residual stream is that of the learned rows.</summary>
    public void Run(
        float* parameters,
        MicroBatch batch,
        float* residual,
        float* gradient,
        float* residualGradient,
        float scale,
        BatchOutcome outcome,
        MatrixMultiplication product)
    {
        var losses = new double[batch.Documents.Count];
        var right = new int[batch.Documents.Count];
        var (filled, row) = (0, 0);
        for (var index = 0; index < batch.Documents.Count; index++)
        {
            var document = batch.Documents[index];
            foreach (var span in document.Learned)
            {
                for (var target = span.Start; target < span.End; target++)
                {
                    _positions[filled++] = new Position(row++, document.Tokens[target], index);
                    if (filled < Chunk)
                        continue;
                    RunChunk(parameters, filled, residual, gradient, residualGradient, scale, losses, right, product);
                    filled = 0;
                }
            }
        }

        RunChunk(parameters, filled, residual, gradient, residualGradient, scale, losses, right, product);
        for (var index = 0; index < batch.Documents.Count; index++)
        {
            var document = batch.Documents[index];
            outcome.Count(document.Task, losses[index], document.Targets, right[index]);
        }
    }

    /// <summary>The logits for one row of the residual stream.</summary>
    public float[] Logits(float* parameters, float* residual)
    {
        RmsNorm.Forward(residual, parameters + layout.OutputNorm.Offset, 1, _width, _normalised.Pointer, _scales.Pointer);
        var logits = new float[_vocabulary];
        for (var token = 0; token < _vocabulary; token++)
            logits[token] = TensorPrimitives.Dot<float>(_normalised.Slice(0, _width), new(parameters + layout.Embedding.Offset + (long)token * _width, _width));
        return logits;
    }

    public void Dispose()
    {
        foreach (var floats in (AlignedFloats[])[_inputs, _normalised, _scales, _gradients, _inputGradients, _logits])
            floats.Dispose();
    }

    private void RunChunk(
        float* parameters,
        int count,
        float* residual,
        float* gradient,
        float* residualGradient,
        float scale,
        double[] losses,
        int[] right,
        MatrixMultiplication product)
    {
        if (count == 0)
            return;
        for (var i = 0; i < count; i++)
            new ReadOnlySpan<float>(residual + (long)_positions[i].Row * _width, _width).CopyTo(_inputs.Slice((long)i * _width, _width));
        var norm = parameters + layout.OutputNorm.Offset;
        RmsNorm.Forward(_inputs.Pointer, norm, count, _width, _normalised.Pointer, _scales.Pointer);
        var embedding = new MatrixView(parameters + layout.Embedding.Offset, _vocabulary, _width, _width);
        var normalised = new MatrixView(_normalised.Pointer, count, _width, _width);
        product.Multiply(normalised, embedding.Transposed, _logits.Pointer, _vocabulary);
        for (var i = 0; i < count; i++)
        {
            var position = _positions[i];
            var logits = _logits.Slice((long)i * _vocabulary, _vocabulary);
            if (TensorPrimitives.IndexOfMax(logits) == position.Target)
                right[position.Document]++;
            losses[position.Document] += LossAndGradient(logits, position.Target, scale);
        }

        if (gradient is null)
            return;
        var logitGradients = new MatrixView(_logits.Pointer, count, _vocabulary, _vocabulary);
        product.Multiply(logitGradients.Transposed, normalised, gradient + layout.Embedding.Offset, _width, accumulate: true);
        product.Multiply(logitGradients, embedding, _gradients.Pointer, _width);
        _inputGradients.Slice(0, (long)count * _width).Clear();
        RmsNorm.Backward(
            _gradients.Pointer, _inputs.Pointer, norm, _scales.Pointer, count, _width, _inputGradients.Pointer, gradient + layout.OutputNorm.Offset);
        for (var i = 0; i < count; i++)
            _inputGradients.Slice((long)i * _width, _width).CopyTo(new Span<float>(residualGradient + (long)_positions[i].Row * _width, _width));
    }

    /// <summary>Turns logits into the gradient of the cross-entropy, (softmax − one-hot) × scale, and returns the loss in nats.</summary>
    private static double LossAndGradient(Span<float> logits, int target, float scale)
    {
        var largest = TensorPrimitives.Max<float>(logits);
        var targetLogit = logits[target];
        var sum = 0f;
        var i = 0;
        fixed (float* values = logits)
        {
            var sums = Vector256<float>.Zero;
            for (; i + Width <= logits.Length; i += Width)
            {
                var power = VectorFunctions.Exp(Vector256.Load(values + i) - Vector256.Create(largest));
                sums += power;
                power.Store(values + i);
            }

            sum = Vector256.Sum(sums);
        }

        for (; i < logits.Length; i++)
            sum += logits[i] = MathF.Exp(logits[i] - largest);
        TensorPrimitives.Multiply(logits, scale / sum, logits);
        logits[target] -= scale;
        return Math.Log(sum) + largest - targetLogit;
    }

    private readonly record struct Position(int Row, int Target, int Document);
}
