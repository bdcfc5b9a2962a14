using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>
/// Causal grouped-query attention over the documents of a micro-batch, each for itself. The query heads that share a key head are
/// rows of one matrix, and the scores are computed for a block of queries at a time and again in the backward pass, where only
/// their log-sums are kept (Dao 2023, FlashAttention-2).
/// </summary>
internal sealed unsafe class CausalAttention(ModelShape shape) : IDisposable
{
    /// <summary>Tokens whose queries are computed at once.</summary>
    private const int Block = 64;

    private const int Width = 8;

    private readonly int _headWidth = shape.HeadWidth;
    private readonly int _repeats = shape.Heads / shape.KvHeads;
    private readonly int _groupWidth = shape.Heads / shape.KvHeads * shape.HeadWidth;
    private readonly int _stride = shape.Width + 2 * shape.KvWidth;
    private readonly float _scale = 1 / MathF.Sqrt(shape.HeadWidth);
    private readonly RotaryPositions _positions = new(shape.HeadWidth);
    private readonly AlignedFloats _queries = new(Block * shape.Width);
    private readonly AlignedFloats _outputs = new(Block * shape.Width);
    private readonly AlignedFloats _outputGradients = new(Block * shape.Width);
    private readonly AlignedFloats _queryGradients = new(Block * shape.Width);
    private AlignedFloats? _scores;
    private AlignedFloats? _scoreGradients;

    /// <summary>Turns queries and keys in <paramref name="queryKeyValue"/> to their positions and writes what attention gathers.</summary>
    public void Forward(MicroBatch batch, float* queryKeyValue, float* output, float* logSums, MatrixMultiplication product)
    {
        var first = 0L;
        foreach (var document in batch.Documents)
        {
            var rows = document.Tokens.Length - 1;
            var qkv = queryKeyValue + first * _stride;
            _positions.Turn(qkv, rows, _stride, shape.Heads + shape.KvHeads, backwards: false);
            Reserve(rows);
            for (var group = 0; group < shape.KvHeads; group++)
            {
                for (var start = 0; start < rows; start += Block)
                    ForwardBlock(qkv, output + first * shape.Width, logSums + first * shape.Heads, group, start, Math.Min(Block, rows - start), product);
            }

            first += rows;
        }
    }

    /// <summary>Writes the gradient of queries, keys and values, before they were turned.</summary>
    public void Backward(
        MicroBatch batch, float* queryKeyValue, float* output, float* logSums, float* outputGradient, float* gradient, MatrixMultiplication product)
    {
        new Span<float>(gradient, checked(batch.Inputs * _stride)).Clear();
        var first = 0L;
        foreach (var document in batch.Documents)
        {
            var rows = document.Tokens.Length - 1;
            var side = first * shape.Width;
            for (var group = 0; group < shape.KvHeads; group++)
            {
                for (var start = 0; start < rows; start += Block)
                {
                    BackwardBlock(
                        queryKeyValue + first * _stride, output + side, logSums + first * shape.Heads, outputGradient + side,
                        gradient + first * _stride, group, start, Math.Min(Block, rows - start), product);
                }
            }

            _positions.Turn(gradient + first * _stride, rows, _stride, shape.Heads + shape.KvHeads, backwards: true);
            first += rows;
        }
    }

    public void Dispose()
    {
        foreach (var floats in (AlignedFloats?[])[_queries, _outputs, _outputGradients, _queryGradients, _scores, _scoreGradients])
            floats?.Dispose();
    }

    private void ForwardBlock(float* qkv, float* output, float* logSums, int group, int start, int count, MatrixMultiplication product)
    {
        var (rows, keys) = (count * _repeats, start + count);
        Scores(qkv, group, start, count, product);
        for (var row = 0; row < rows; row++)
            logSums[LogSum(group, start, row)] = Softmax(_scores!.Pointer + (long)row * keys, start + row / _repeats + 1, keys);
        product.Multiply(new MatrixView(_scores!.Pointer, rows, keys, keys), Values(qkv, group, keys), _outputs.Pointer, _headWidth);
        Scatter(_outputs.Pointer, output + group * _groupWidth, shape.Width, start, count, 1);
    }

    private void BackwardBlock(
        float* qkv, float* output, float* logSums, float* outputGradient, float* gradient, int group, int start, int count, MatrixMultiplication product)
    {
        var (rows, keys) = (count * _repeats, start + count);
        Scores(qkv, group, start, count, product);
        Gather(outputGradient + group * _groupWidth, shape.Width, start, count, _outputGradients.Pointer, 1);
        Gather(output + group * _groupWidth, shape.Width, start, count, _outputs.Pointer, 1);
        var above = new MatrixView(_outputGradients.Pointer, rows, _headWidth, _headWidth);
        product.Multiply(above, Values(qkv, group, keys).Transposed, _scoreGradients!.Pointer, keys);
        for (var row = 0; row < rows; row++)
        {
            var side = TensorPrimitives.Dot<float>(
                _outputGradients.Slice((long)row * _headWidth, _headWidth), _outputs.Slice((long)row * _headWidth, _headWidth));
            SoftmaxBackward(
                _scores!.Pointer + (long)row * keys, _scoreGradients.Pointer + (long)row * keys, start + row / _repeats + 1, keys,
                logSums[LogSum(group, start, row)], side);
        }

        var weights = new MatrixView(_scores!.Pointer, rows, keys, keys);
        var scoreGradients = new MatrixView(_scoreGradients.Pointer, rows, keys, keys);
        var keyColumn = shape.Width + group * _headWidth;
        product.Multiply(weights.Transposed, above, gradient + keyColumn + shape.KvWidth, _stride, accumulate: true);
        product.Multiply(
            scoreGradients.Transposed, new MatrixView(_queries.Pointer, rows, _headWidth, _headWidth), gradient + keyColumn, _stride, accumulate: true);
        product.Multiply(scoreGradients, Keys(qkv, group, keys), _queryGradients.Pointer, _headWidth);
        Scatter(_queryGradients.Pointer, gradient + group * _groupWidth, _stride, start, count, _scale);
    }

    /// <summary>Query by key for a block, in <see cref="_scores"/>; the scaled queries stay in <see cref="_queries"/>.</summary>
    private void Scores(float* qkv, int group, int start, int count, MatrixMultiplication product)
    {
        var keys = start + count;
        Gather(qkv + group * _groupWidth, _stride, start, count, _queries.Pointer, _scale);
        product.Multiply(
            new MatrixView(_queries.Pointer, count * _repeats, _headWidth, _headWidth), Keys(qkv, group, keys).Transposed, _scores!.Pointer, keys);
    }

    private MatrixView Keys(float* qkv, int group, int count) =>
        new(qkv + shape.Width + group * _headWidth, count, _headWidth, _stride);

    private MatrixView Values(float* qkv, int group, int count) =>
        new(qkv + shape.Width + shape.KvWidth + group * _headWidth, count, _headWidth, _stride);

    private long LogSum(int group, int start, int row) =>
        (long)(start + row / _repeats) * shape.Heads + group * _repeats + row % _repeats;

    private void Gather(float* source, int stride, int start, int count, float* target, float scale)
    {
        for (var row = 0; row < count; row++)
        {
            TensorPrimitives.Multiply(
                new ReadOnlySpan<float>(source + (long)(start + row) * stride, _groupWidth), scale, new Span<float>(target + (long)row * _groupWidth, _groupWidth));
        }
    }

    private void Scatter(float* source, float* target, int stride, int start, int count, float scale)
    {
        for (var row = 0; row < count; row++)
        {
            TensorPrimitives.Multiply(
                new ReadOnlySpan<float>(source + (long)row * _groupWidth, _groupWidth), scale, new Span<float>(target + (long)(start + row) * stride, _groupWidth));
        }
    }

    /// <summary>Softmax over the first <paramref name="visible"/> scores, zero behind; returns the logarithm of its denominator.</summary>
    private static float Softmax(float* scores, int visible, int keys)
    {
        var largest = TensorPrimitives.Max<float>(new ReadOnlySpan<float>(scores, visible));
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i + Width <= visible; i += Width)
        {
            var power = VectorFunctions.Exp(Vector256.Load(scores + i) - Vector256.Create(largest));
            sums += power;
            power.Store(scores + i);
        }

        var sum = Vector256.Sum(sums);
        for (; i < visible; i++)
            sum += scores[i] = MathF.Exp(scores[i] - largest);
        var row = new Span<float>(scores, keys);
        TensorPrimitives.Multiply(row[..visible], 1 / sum, row[..visible]);
        row[visible..].Clear();
        return largest + MathF.Log(sum);
    }

    /// <summary>Turns scores into weights again, and the gradients of weights into those of scores: w·(dw − side).</summary>
    private static void SoftmaxBackward(float* scores, float* gradients, int visible, int keys, float logSum, float side)
    {
        var i = 0;
        for (; i + Width <= visible; i += Width)
        {
            var weight = VectorFunctions.Exp(Vector256.Load(scores + i) - Vector256.Create(logSum));
            weight.Store(scores + i);
            (weight * (Vector256.Load(gradients + i) - Vector256.Create(side))).Store(gradients + i);
        }

        for (; i < visible; i++)
        {
            scores[i] = MathF.Exp(scores[i] - logSum);
            gradients[i] = scores[i] * (gradients[i] - side);
        }

        new Span<float>(scores, keys)[visible..].Clear();
        new Span<float>(gradients, keys)[visible..].Clear();
    }

    private void Reserve(int rows)
    {
        var length = (long)Block * _repeats * rows;
        if (_scores is not null && _scores.Length >= length)
            return;
        _scores?.Dispose();
        _scoreGradients?.Dispose();
        _scores = new AlignedFloats(length);
        _scoreGradients = new AlignedFloats(length);
    }
}
