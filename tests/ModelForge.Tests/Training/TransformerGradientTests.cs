using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed unsafe class TransformerGradientTests
{
    /// <summary>Small, but with groups of heads, an odd number of positions to a vector, and blocks of attention that are not full.</summary>
    private static readonly ModelShape Shape = new(Width: 24, Layers: 2, Heads: 6, KvHeads: 2, FeedForward: 40, Vocabulary: 300, ContextLength: 256);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    public void Every_tensor_has_the_gradient_that_finite_differences_give(float share)
    {
        var dropout = Dropout.At(share, step: 7, part: 1);
        using var state = NewState();
        var batch = Batch();
        using var transformer = new Transformer(state.Layout);
        using var gradient = new AlignedFloats(state.Layout.Length);
        transformer.Run(state.Parameters.Pointer, batch, gradient.Pointer, 1f / batch.Targets, new BatchOutcome(1), dropout);

        var random = new CorpusRandom(5);
        foreach (var tensor in state.Layout.Tensors)
        {
            // Along a random direction the loss moves far more than floats are rounded, which a single weight does not.
            var direction = new double[tensor.Length];
            var expected = 0d;
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = random.NextDouble() * 2 - 1;
                expected += direction[i] * gradient.Span[(int)(tensor.Offset + i)];
            }

            var steps = (double[])[2e-3, 1e-3];
            var slopes = steps.Select(step => Slope(state, transformer, batch, dropout, tensor, direction, step)).ToArray();
            var extrapolated = (4 * slopes[1] - slopes[0]) / 3;
            Assert.True(
                Math.Abs(extrapolated - expected) <= 1e-2 * Math.Abs(expected) + 2e-4,
                $"{tensor.Name}: the gradient along a direction is {expected}, finite differences give {extrapolated}.");
        }
    }

    [Fact]
    public void A_document_does_not_see_the_others_of_its_batch()
    {
        using var state = NewState();
        using var transformer = new Transformer(state.Layout);
        var documents = Batch().Documents;
        var together = new BatchOutcome(1);
        transformer.Run(state.Parameters.Pointer, Batch(), null, 0, together);
        var apart = new BatchOutcome(1);
        foreach (var document in documents)
        {
            var alone = new MicroBatch();
            alone.Add(document);
            transformer.Run(state.Parameters.Pointer, alone, null, 0, apart);
        }

        Assert.Equal(together.Tasks[0].Loss, apart.Tasks[0].Loss, 1e-3);
        Assert.Equal(together.Tasks[0].Targets, apart.Tasks[0].Targets);
    }

    [Fact]
    public void A_token_does_not_see_those_behind_it()
    {
        using var state = NewState();
        using var transformer = new Transformer(state.Layout);
        var tokens = Batch().Documents[0].Tokens;
        var whole = new MicroBatch();
        whole.Add(new TrainingDocument([.. tokens[..80], 9, 10, 11], 81, 0));
        var logits = transformer.Logits(state.Parameters.Pointer, tokens[..80]);
        var other = new BatchOutcome(1);
        transformer.Run(state.Parameters.Pointer, whole, null, 0, other);
        Assert.Equal(logits, transformer.Logits(state.Parameters.Pointer, tokens[..80]));
        Assert.NotEqual(logits, transformer.Logits(state.Parameters.Pointer, tokens[..79]));
    }

    private static double Slope(
        TrainingState state, Transformer transformer, MicroBatch batch, Dropout dropout, ParameterTensor tensor, double[] direction, double step)
    {
        var values = state.Parameters.Slice(tensor.Offset, tensor.Length).ToArray();
        var up = Loss(step);
        var down = Loss(-step);
        values.CopyTo(state.Parameters.Slice(tensor.Offset, tensor.Length));
        return (up - down) / (2 * step);

        double Loss(double by)
        {
            var moved = state.Parameters.Slice(tensor.Offset, tensor.Length);
            for (var i = 0; i < moved.Length; i++)
                moved[i] = (float)(values[i] + by * direction[i]);
            var outcome = new BatchOutcome(1);
            transformer.Run(state.Parameters.Pointer, batch, null, 0, outcome, dropout);
            return outcome.Tasks[0].Loss / batch.Targets;
        }
    }

    private static TrainingState NewState()
    {
        var state = new TrainingState(new TrainingIdentity(Shape, "test vocabulary", 1));
        state.Initialise(3);
        return state;
    }

    /// <summary>Documents shorter and longer than a block of attention, with one learned span and several.</summary>
    private static MicroBatch Batch()
    {
        var random = new CorpusRandom(2);
        var batch = new MicroBatch();
        foreach (var (length, target) in ((int, int)[])[(150, 3), (5, 4), (66, 40)])
            batch.Add(new TrainingDocument(Tokens(length), target, 0));

        // Of several answers to one context each is learned.
        batch.Add(new TrainingDocument(Tokens(90), [new TokenSpan(20, 23), new TokenSpan(30, 31), new TokenSpan(70, 79)], 0));
        return batch;

        int[] Tokens(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(Shape.Vocabulary))];
    }
}
