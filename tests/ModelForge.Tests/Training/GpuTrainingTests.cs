using ModelForge.Corpus;
using ModelForge.Training;
using ModelForge.Training.Gpu;

namespace ModelForge.Tests.Training;

/// <summary>The kernels of the GPU, run by the processor in its place, beside the trainer of the processor.</summary>
public sealed unsafe class GpuTrainingTests
{
    /// <summary>Small, as each thread of a group is one of the machine's: two heads to a key head, and documents longer and shorter than a tile.</summary>
    private static readonly ModelShape Shape = new(Width: 64, Layers: 2, Heads: 2, KvHeads: 1, FeedForward: 40, Vocabulary: 60, ContextLength: 256);

    private static readonly TrainingOptions Options = new() { Threads = 1, BatchTokens = 4, Tokens = 12, PeakRate = 5e-3f, WarmUpSteps = 2, Dropout = 0.2f };

    [Fact]
    public void Every_tensor_has_the_gradient_of_the_processors_trainer()
    {
        using var state = New(Shape with { Layers = 1 });
        var batch = new MicroBatch();
        foreach (var (length, target) in ((int, int)[])[(35, 30), (2, 1)])
            batch.Add(Document(length, target, (ulong)length));
        using var transformer = new Transformer(state.Layout);
        using var expected = new AlignedFloats(state.Layout.Length);
        var (expectedOutcome, outcome) = (new BatchOutcome(1), new BatchOutcome(1));
        transformer.Run(state.Parameters.Pointer, batch, expected.Pointer, 1f / batch.Targets, expectedOutcome);

        using var device = GpuDevice.OpenProcessor();
        using var engine = new GpuTrainingEngine(device, state, Options, tasks: 1);
        var gradient = engine.Gradient(batch, 1f / batch.Targets, outcome);

        Assert.Equal(expectedOutcome.Tasks[0].Loss, outcome.Tasks[0].Loss, 1e-3);
        Assert.Equal(expectedOutcome.Tasks[0].Targets, outcome.Tasks[0].Targets);
        Assert.Equal(expectedOutcome.Tasks[0].RightDocuments, outcome.Tasks[0].RightDocuments);
        foreach (var tensor in state.Layout.Tensors)
            Near(expected.Slice(tensor.Offset, tensor.Length), gradient.AsSpan((int)tensor.Offset, (int)tensor.Length), 1e-4, tensor.Name);
    }

    [Fact]
    public void Steps_move_the_weights_as_those_of_the_processor()
    {
        using var expected = New(Shape);
        var start = expected.Parameters.Span.ToArray();
        using (var trainer = new Trainer(expected, new Sequences(), Options))
            trainer.Run(static _ => { }, TestContext.Current.CancellationToken);

        using var state = New(Shape);
        BatchOutcome heldOut;
        using (var trainer = new Trainer(state, new Sequences(), Options))
        {
            // The first step is the processor's: a training goes on on another device.
            using var interruption = new CancellationTokenSource();
            trainer.Run(_ => interruption.Cancel(), interruption.Token);
            Assert.Equal(1, state.Step);
        }

        using (var device = GpuDevice.OpenProcessor())
        using (var trainer = new Trainer(state, new Sequences(), Options, new GpuTrainingEngine(device, state, Options, tasks: 1)))
        {
            trainer.Run(static _ => { }, TestContext.Current.CancellationToken);
            heldOut = trainer.Evaluate([new Sequences().At(1000)]);
        }

        Assert.Equal(expected.Step, state.Step);
        Assert.True(expected.Step >= 3);
        Assert.Equal(expected.Position, state.Position);
        Assert.Equal(1, heldOut.Tasks[0].Documents);
        foreach (var tensor in state.Layout.Tensors)
        {
            // What they moved is compared, not where they are.
            var (offset, length) = ((int)tensor.Offset, (int)tensor.Length);
            var (moved, wanted) = (new float[length], new float[length]);
            for (var i = 0; i < length; i++)
                (moved[i], wanted[i]) = (state.Parameters.Span[offset + i] - start[offset + i], expected.Parameters.Span[offset + i] - start[offset + i]);
            Near(wanted, moved, 2e-2, tensor.Name);
            Near(expected.FirstMoments.Slice(offset, length), state.FirstMoments.Slice(offset, length), 1e-2, tensor.Name);
            Near(expected.SecondMoments.Slice(offset, length), state.SecondMoments.Slice(offset, length), 1e-2, tensor.Name);
        }
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_leaves_the_weights_as_they_were()
    {
        using var state = New(Shape);
        state.Parameters.Span[5] = float.NaN;
        var before = state.Parameters.Span.ToArray();
        using var device = GpuDevice.OpenProcessor();
        using var engine = new GpuTrainingEngine(device, state, Options, tasks: 1);

        var failure = Assert.Throws<TrainingFailedException>(() => engine.Step(new DocumentReader(new Sequences(), 0, 1).Read(1, 4), 1e-3f));

        Assert.Contains("gradient of step 1 is not a number", failure.Message, StringComparison.Ordinal);
        engine.Store();
        Assert.Equal(before, state.Parameters.Span);
    }

    [Fact]
    public void Heads_that_are_no_warp_are_refused_with_the_way_out()
    {
        using var state = new TrainingState(new TrainingIdentity(Shape with { Heads = 4, KvHeads = 2 }, "0123456789abcdef", 1));

        using var device = GpuDevice.OpenProcessor();

        var refusal = Assert.Throws<BadInputException>(() => new GpuTrainingEngine(device, state, Options, tasks: 1));

        Assert.Contains("this model's are 16 wide", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("leave out --gpu", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The distance is measured against the length of the whole tensor.</summary>
    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string name)
    {
        var (distance, length) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            distance += Math.Pow(expected[i] - actual[i], 2);
            length += Math.Pow(expected[i], 2);
        }

        Assert.True(Math.Sqrt(distance) <= tolerance * Math.Sqrt(length), $"{name} is {Math.Sqrt(distance):g3} away from a length of {Math.Sqrt(length):g3}.");
    }

    private static TrainingState New(ModelShape shape)
    {
        var state = new TrainingState(new TrainingIdentity(shape, "0123456789abcdef", 1, Optimizer.Muon));
        state.Initialise(3);
        return state;
    }

    private static TrainingDocument Document(int length, int target, ulong seed)
    {
        var random = new CorpusRandom(seed);
        return new TrainingDocument([.. Enumerable.Range(0, length).Select(_ => random.Next(Shape.Vocabulary))], target, 0);
    }

    private sealed class Sequences : ITrainingStream
    {
        public IReadOnlyList<string> Tasks { get; } = ["sequences"];

        public TrainingDocument At(long position) => Document(5 - (int)(position % 2), 2, (ulong)position + 100);
    }
}
