using System.Diagnostics;
using ModelForge.Corpus;

namespace ModelForge.Training;

/// <summary>Measures how fast the trainer is, on documents of random tokens.</summary>
public static class TrainerSpeed
{
    private const int WarmUpSteps = 3;

    /// <summary>A model of 2.75 million parameters.</summary>
    public static ModelShape Shape { get; } =
        new(Width: 192, Layers: 6, Heads: 6, KvHeads: 2, FeedForward: 512, Vocabulary: 2048, ContextLength: 2048);

    /// <summary>Tokens a second with what a training uses unless told otherwise: the median of <paramref name="steps"/> steps after a warm-up.</summary>
    public static double Measure(int threads, int steps = 15, Optimizer optimizer = Optimizer.Muon)
    {
        using var state = new TrainingState(new TrainingIdentity(Shape, "random", 1, optimizer));
        state.Initialise(1);
        var rates = new List<double>();
        var options = new TrainingOptions { Threads = threads, Tokens = long.MaxValue };
        using var trainer = new Trainer(state, new RandomTokens(Shape.Vocabulary), options);
        using var enough = new CancellationTokenSource();
        var (clock, tokens) = (Stopwatch.StartNew(), 0L);
        trainer.Run(
            _ =>
            {
                rates.Add((state.Tokens - tokens) / clock.Elapsed.TotalSeconds);
                (tokens, clock) = (state.Tokens, Stopwatch.StartNew());
                if (rates.Count == steps + WarmUpSteps)
                    enough.Cancel();
            },
            enough.Token);
        var measured = rates.Skip(WarmUpSteps).Order().ToArray();
        return measured[measured.Length / 2];
    }

    /// <summary>Documents of 96 tokens of which a third is learned, about as a sentence of the shell and its calls.</summary>
    private sealed class RandomTokens(int vocabulary) : ITrainingStream
    {
        private const int Length = 96;

        public IReadOnlyList<string> Tasks { get; } = ["random"];

        public TrainingDocument At(long position)
        {
            var random = new CorpusRandom((ulong)position);
            var tokens = new int[Length];
            foreach (ref var token in tokens.AsSpan())
                token = random.Next(vocabulary);
            return new TrainingDocument(tokens, Length * 2 / 3, 0);
        }
    }
}
