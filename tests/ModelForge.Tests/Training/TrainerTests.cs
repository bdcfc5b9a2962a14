using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly ModelShape Shape = new(Width: 32, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 64, Vocabulary: 300, ContextLength: 64);

    private static readonly TrainingIdentity Identity = new(Shape, "0123456789abcdef", 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-trainer-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "checkpoint");

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.Muon)]
    public void Sequences_that_can_be_copied_are_learned(Optimizer optimizer)
    {
        using var state = New(optimizer);
        var options = Options(tokens: 120_000);
        using var trainer = new Trainer(state, new CopyStream(), options);
        var first = double.NaN;
        trainer.Run(outcome => first = double.IsNaN(first) ? Loss(outcome) : first, TestContext.Current.CancellationToken);

        var heldOut = trainer.Evaluate([.. Enumerable.Range(1_000_000, 100).Select(position => new CopyStream().At(position))]);

        Assert.InRange(first, 5, 7);
        Assert.InRange(Loss(heldOut), 0, 1);
    }

    [Theory]
    [InlineData(Optimizer.AdamW)]
    [InlineData(Optimizer.Muon)]
    public void A_training_that_was_interrupted_ends_with_the_same_weights_to_the_bit(Optimizer optimizer)
    {
        var options = Options(tokens: 20_000);
        using var straight = New(optimizer);
        using (var trainer = new Trainer(straight, new CopyStream(), options))
            trainer.Run(static _ => { }, TestContext.Current.CancellationToken);

        using (var begun = New(optimizer))
        {
            using var interruption = new CancellationTokenSource();
            using var trainer = new Trainer(begun, new CopyStream(), options);
            trainer.Run(_ => { if (begun.Step == 13) interruption.Cancel(); }, interruption.Token);
            Assert.Equal(13, begun.Step);
            Checkpoint.Save(Path, begun);
        }

        using var resumed = Checkpoint.Load(Path, Identity with { Optimizer = optimizer });
        using (var trainer = new Trainer(resumed, new CopyStream(), options))
            trainer.Run(static _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(straight.Step, resumed.Step);
        Assert.Equal(straight.Position, resumed.Position);
        Assert.True(straight.Parameters.Span.SequenceEqual(resumed.Parameters.Span));
    }

    [Fact]
    public void The_rate_rises_stays_and_falls_to_a_hundredth()
    {
        Assert.Equal(1e-3f / 200, LearningRate.At(1e-3f, 0, 200, 0), 1e-9f);
        Assert.Equal(1e-3f, LearningRate.At(1e-3f, 199, 200, 0.01), 1e-9f);
        Assert.Equal(1e-3f, LearningRate.At(1e-3f, 5000, 200, 0.3), 1e-9f);
        Assert.Equal(0.505e-3f, LearningRate.At(1e-3f, 5000, 200, 0.65), 1e-6f);
        Assert.Equal(1e-5f, LearningRate.At(1e-3f, 5000, 200, 1), 1e-8f);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_names_the_one_before()
    {
        using var state = New();
        Checkpoint.Save(Path, state);
        state.Step = 5;
        Checkpoint.Save(Path, state);
        var bytes = File.ReadAllBytes(Path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path, bytes);

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Load(Path, Identity));
        Assert.Contains($"is damaged; the one before it is {Path}.previous", refusal.Message, StringComparison.Ordinal);
        using var before = Checkpoint.Load(Checkpoint.Previous(Path), Identity);
        Assert.Equal(0, before.Step);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(5000)]
    public void A_checkpoint_cut_short_is_refused(int length)
    {
        using var state = New();
        Checkpoint.Save(Path, state);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..length]);

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Load(Path, Identity));
        Assert.Contains("is damaged, and there is none before it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused_and_says_what_differs()
    {
        using var state = New();
        Checkpoint.Save(Path, state);

        Assert.Contains("seed 2 gives another corpus", Refusal(Identity with { CorpusSeed = 2 }), StringComparison.Ordinal);
        Assert.Contains("another vocabulary", Refusal(Identity with { Vocabulary = "fedcba9876543210" }), StringComparison.Ordinal);
        Assert.Contains("give --optimizer AdamW to go on", Refusal(Identity with { Optimizer = Optimizer.Muon }), StringComparison.Ordinal);
        Assert.Contains($"give --layers {Shape.Layers} to go on", Refusal(Identity with { Shape = Shape with { Layers = 3 } }), StringComparison.Ordinal);
        Assert.Contains($"another shape (width {Shape.Width}", Refusal(Identity with { Shape = Shape with { Width = 2 * Shape.Width } }), StringComparison.Ordinal);

        string Refusal(TrainingIdentity other) => Assert.Throws<CheckpointException>(() => Checkpoint.Load(Path, other)).Message;
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_last_good_one()
    {
        using var state = New();
        Checkpoint.Save(Path, state);

        // A folder in the way of the unfinished file stands for a disk that takes no more.
        Directory.CreateDirectory(Path + ".partial");
        state.Step = 9;
        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Save(Path, state));

        Assert.Contains("The last good one stays", refusal.Message, StringComparison.Ordinal);
        using var stays = Checkpoint.Load(Path, Identity);
        Assert.Equal(0, stays.Step);
    }

    [Fact]
    public void A_full_disk_in_the_middle_of_a_checkpoint_leaves_the_last_good_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "There is no device that is always full here.");
        using var state = New();
        Checkpoint.Save(Path, state);
        File.CreateSymbolicLink(Path + ".partial", "/dev/full");
        state.Step = 9;

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Save(Path, state));

        Assert.Contains("make room", refusal.Message, StringComparison.Ordinal);
        using var stays = Checkpoint.Load(Path, Identity);
        Assert.Equal(0, stays.Step);
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_ends_the_training_with_a_sentence()
    {
        using var state = New();
        state.Parameters.Span[0] = float.NaN;
        state.Parameters.Span.Fill(float.NaN);
        using var trainer = new Trainer(state, new CopyStream(), Options(tokens: 5000));

        var failure = Assert.Throws<TrainingFailedException>(() => trainer.Run(static _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains("gradient of step 1 is not a number", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, state.Step);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TrainingState New(Optimizer optimizer = Optimizer.AdamW)
    {
        var state = new TrainingState(Identity with { Optimizer = optimizer });
        state.Initialise(1);
        return state;
    }

    private static TrainingOptions Options(long tokens) =>
        new() { Threads = 2, BatchTokens = 400, Tokens = tokens, PeakRate = 5e-3f, WarmUpSteps = 20 };

    private static double Loss(BatchOutcome outcome) => outcome.Tasks[0].Loss / outcome.Tasks[0].Targets;

    /// <summary>Eight tokens of sixteen, and the same eight again.</summary>
    private sealed class CopyStream : ITrainingStream
    {
        public IReadOnlyList<string> Tasks { get; } = ["copy"];

        public TrainingDocument At(long position)
        {
            var random = new CorpusRandom((ulong)position * 0x9E3779B97F4A7C15);
            var tokens = Enumerable.Range(0, 8).Select(_ => random.Next(16)).ToArray();
            return new TrainingDocument([1, .. tokens, 2, .. tokens], 10, 0);
        }
    }
}
