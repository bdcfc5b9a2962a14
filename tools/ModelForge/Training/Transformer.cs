using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>
/// The llama architecture forwards and backwards for one thread: RMSNorm, rotary positions on interleaved pairs as ggml has them for
/// llama, grouped-query attention, SwiGLU, and an output matrix that is the embedding. Behind the attention of the last block only the rows are computed behind
/// which something is learned: the others are read by nobody.
/// </summary>
internal sealed unsafe class Transformer(ParameterLayout layout) : IDisposable
{
    private readonly ModelShape _shape = layout.Shape;
    private readonly MatrixMultiplication _product = new();
    private readonly CausalAttention _attention = new(layout.Shape);
    private readonly OutputLoss _output = new(layout);
    private Activations? _activations;

    /// <summary>Predicts a micro-batch.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="batch">Documents.</param>
    /// <param name="gradient">Where the gradient of the loss is added; null to predict only.</param>
    /// <param name="scale">What the loss of a token counts in the gradient: one by the tokens of the whole step.</param>
    /// <param name="outcome">Where losses are counted.</param>
    /// <param name="dropout">What is left out of embeddings and of what the feed-forward layers compute.</param>
    public void Run(float* parameters, MicroBatch batch, float* gradient, float scale, BatchOutcome outcome, Dropout dropout = default)
    {
        if (batch.Documents.Count == 0)
            return;
        var a = Forward(parameters, batch, dropout);
        _output.Run(parameters, batch, a.Residual(_shape.Layers), gradient, a.ResidualGradient.Pointer, scale, outcome, _product);
        if (gradient is not null)
            Backward(parameters, batch, gradient, a, dropout);
    }

    /// <summary>The logits behind the last of these tokens.</summary>
    public float[] Logits(float* parameters, int[] tokens)
    {
        // The last token of a document is only a target, so one is put behind.
        var batch = new MicroBatch();
        batch.Add(new TrainingDocument([.. tokens, 0], tokens.Length, 0));
        var a = Forward(parameters, batch, default);
        return _output.Logits(parameters, a.Residual(_shape.Layers));
    }

    public void Dispose()
    {
        _product.Dispose();
        _attention.Dispose();
        _output.Dispose();
        _activations?.Dispose();
    }

    private Activations Forward(float* parameters, MicroBatch batch, Dropout dropout)
    {
        if (_activations is null || _activations.Capacity < batch.Inputs)
        {
            var grown = Math.Max(batch.Inputs, (_activations?.Capacity ?? 0) * 5 / 4);
            _activations?.Dispose();
            _activations = new Activations(_shape, grown);
        }

        var (a, rows, width, ff) = (_activations, batch.Inputs, _shape.Width, _shape.FeedForward);
        Embed(parameters, batch, a.Residual(0));
        dropout.Of(_shape.Layers).Apply(a.Residual(0), rows * width);
        for (var index = 0; index < _shape.Layers; index++)
        {
            var block = layout.Blocks[index];
            var saved = a.Blocks[index];
            RmsNorm.Forward(a.Residual(index), parameters + block.AttentionNorm, rows, width, saved.AttentionInput, saved.AttentionScale);
            Linear(saved.AttentionInput, width, parameters + block.QueryKeyValue, a.QkvWidth, rows, saved.QueryKeyValue, accumulate: false);
            _attention.Forward(batch, saved.QueryKeyValue, saved.AttentionOutput, saved.LogSums, _product);
            var attended = saved.AttentionOutput;
            if (index < _shape.Layers - 1)
            {
                Copy(a.Residual(index), saved.Middle, rows * width);
            }
            else
            {
                attended = a.LearnedAttention.Pointer;
                Gather(batch.LearnedRows, saved.AttentionOutput, attended);
                Gather(batch.LearnedRows, a.Residual(index), saved.Middle);
                rows = batch.Targets;
            }

            Linear(attended, width, parameters + block.AttentionOutput, width, rows, saved.Middle, accumulate: true);
            RmsNorm.Forward(saved.Middle, parameters + block.FeedForwardNorm, rows, width, saved.FeedForwardInput, saved.FeedForwardScale);
            Linear(saved.FeedForwardInput, width, parameters + block.GateUp, 2 * ff, rows, saved.GateUp, accumulate: false);
            SwiGlu.Forward(saved.GateUp, rows, ff, saved.Hidden);
            Drop(dropout, index, batch, saved.Hidden);
            Copy(saved.Middle, a.Residual(index + 1), rows * width);
            Linear(saved.Hidden, ff, parameters + block.Down, width, rows, a.Residual(index + 1), accumulate: true);
        }

        return a;
    }

    private void Backward(float* parameters, MicroBatch batch, float* gradient, Activations a, Dropout dropout)
    {
        var (rows, width, ff) = (batch.Targets, _shape.Width, _shape.FeedForward);
        var residual = a.ResidualGradient.Pointer;
        var scratch = a.InputGradient.Pointer;
        for (var index = _shape.Layers - 1; index >= 0; index--)
        {
            var block = layout.Blocks[index];
            var saved = a.Blocks[index];
            LinearBackward(residual, width, saved.Hidden, ff, parameters + block.Down, gradient + block.Down, rows, a.HiddenGradient.Pointer);
            Drop(dropout, index, batch, a.HiddenGradient.Pointer);
            SwiGlu.Backward(saved.GateUp, a.HiddenGradient.Pointer, rows, ff, a.GateUpGradient.Pointer);
            LinearBackward(
                a.GateUpGradient.Pointer, 2 * ff, saved.FeedForwardInput, width, parameters + block.GateUp, gradient + block.GateUp, rows, scratch);
            RmsNorm.Backward(
                scratch, saved.Middle, parameters + block.FeedForwardNorm, saved.FeedForwardScale, rows, width, residual, gradient + block.FeedForwardNorm);
            var isLast = index == _shape.Layers - 1;
            LinearBackward(
                residual, width, isLast ? a.LearnedAttention.Pointer : saved.AttentionOutput, width, parameters + block.AttentionOutput, gradient + block.AttentionOutput, rows, scratch);
            if (isLast)
            {
                rows = batch.Inputs;
                Spread(batch.LearnedRows, scratch, rows);
                Spread(batch.LearnedRows, residual, rows);
            }

            _attention.Backward(batch, saved.QueryKeyValue, saved.AttentionOutput, saved.LogSums, scratch, a.QkvGradient.Pointer, _product);
            LinearBackward(
                a.QkvGradient.Pointer, a.QkvWidth, saved.AttentionInput, width, parameters + block.QueryKeyValue, gradient + block.QueryKeyValue, rows, scratch);
            RmsNorm.Backward(
                scratch, a.Residual(index), parameters + block.AttentionNorm, saved.AttentionScale, rows, width, residual, gradient + block.AttentionNorm);
        }

        dropout.Of(_shape.Layers).Apply(residual, rows * width);
        EmbedBackward(batch, residual, gradient);
    }

    private void Embed(float* parameters, MicroBatch batch, float* residual)
    {
        foreach (var document in batch.Documents)
        {
            foreach (var token in document.Tokens.AsSpan(0, document.Tokens.Length - 1))
            {
                Copy(parameters + layout.Embedding.Offset + (long)token * _shape.Width, residual, _shape.Width);
                residual += _shape.Width;
            }
        }
    }

    private void EmbedBackward(MicroBatch batch, float* residual, float* gradient)
    {
        foreach (var document in batch.Documents)
        {
            foreach (var token in document.Tokens.AsSpan(0, document.Tokens.Length - 1))
            {
                var row = new Span<float>(gradient + layout.Embedding.Offset + (long)token * _shape.Width, _shape.Width);
                TensorPrimitives.Add(row, new ReadOnlySpan<float>(residual, _shape.Width), row);
                residual += _shape.Width;
            }
        }
    }

    /// <summary>Leaves out what a feed-forward layer computed; an element's place is that among all rows, whichever were computed.</summary>
    private void Drop(Dropout dropout, int index, MicroBatch batch, float* hidden)
    {
        var ff = _shape.FeedForward;
        if (index < _shape.Layers - 1)
        {
            dropout.Of(index).Apply(hidden, batch.Inputs * ff);
            return;
        }

        for (var i = 0; i < batch.Targets; i++)
            dropout.Of(index).Apply(hidden + (long)i * ff, ff, batch.LearnedRows[i] * ff);
    }

    /// <summary>The rows at these places, one behind the other.</summary>
    private void Gather(IReadOnlyList<int> places, float* rows, float* target)
    {
        var width = _shape.Width;
        for (var i = 0; i < places.Count; i++)
            Copy(rows + (long)places[i] * width, target + (long)i * width, width);
    }

    /// <summary>The other way round and in place: rows that stand one behind the other go to their places, and the others are zero.</summary>
    private void Spread(IReadOnlyList<int> places, float* rows, int count)
    {
        // From the last on: no row has its place before where it stands.
        var (width, next) = (_shape.Width, places.Count - 1);
        for (var row = count - 1; row >= 0; row--)
        {
            var target = rows + (long)row * width;
            if (next >= 0 && places[next] == row)
                Copy(rows + (long)next-- * width, target, width);
            else
                new Span<float>(target, width).Clear();
        }
    }

    /// <summary>target [rows × outputs] = input [rows × inputs] × weightsᵀ.</summary>
    private void Linear(float* input, int inputs, float* weights, int outputs, int rows, float* target, bool accumulate) =>
        _product.Multiply(new MatrixView(input, rows, inputs, inputs), new MatrixView(weights, outputs, inputs, inputs).Transposed, target, outputs, accumulate);

    private void LinearBackward(
        float* outputGradient, int outputs, float* input, int inputs, float* weights, float* weightGradient, int rows, float* inputGradient)
    {
        var gradient = new MatrixView(outputGradient, rows, outputs, outputs);
        _product.Multiply(gradient.Transposed, new MatrixView(input, rows, inputs, inputs), weightGradient, inputs, accumulate: true);
        _product.Multiply(gradient, new MatrixView(weights, outputs, inputs, inputs), inputGradient, inputs);
    }

    private static void Copy(float* from, float* to, int length) => new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
}
