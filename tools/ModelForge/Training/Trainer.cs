using System.Diagnostics;

namespace ModelForge.Training;

/// <summary>Takes a training from batch to batch; what a step is, its engine knows.</summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly DocumentReader _reader;
    private readonly TrainingOptions _options;
    private readonly ITrainingEngine _engine;

    /// <param name="state">Where the training stands.</param>
    /// <param name="stream">What to learn.</param>
    /// <param name="options">How.</param>
    /// <param name="engine">What computes, disposed with the trainer; the threads of <paramref name="options"/> when null.</param>
    public Trainer(TrainingState state, ITrainingStream stream, TrainingOptions options, ITrainingEngine? engine = null)
    {
        _state = state;
        _options = options;
        _engine = engine ?? new CpuTrainingEngine(state, options, stream.Tasks.Count);
        _reader = new DocumentReader(stream, state.Position, options.Readers);
    }

    /// <summary>What computes, for people.</summary>
    public string Engine => _engine.Name;

    /// <summary>The part of the training that is done, from 0 to 1.</summary>
    public double Progress => Math.Min(1, _options.Duration is { } duration ? _state.Elapsed / duration : (double)_state.Tokens / _options.Tokens);

    /// <summary>The learning rate of the next step.</summary>
    public float Rate => LearningRate.At(_options.PeakRate, _state.Step, _options.WarmUpSteps, Progress);

    /// <summary>Trains until the tokens or the time are spent, or until <paramref name="cancellationToken"/>; after each step it calls <paramref name="stepped"/>.</summary>
    /// <exception cref="TrainingFailedException">The gradient is not a number.</exception>
    public void Run(Action<BatchOutcome> stepped, CancellationToken cancellationToken)
    {
        // The next documents are generated while these are learned.
        var next = Task.Run(Read, CancellationToken.None);
        while (Progress < 1 && !cancellationToken.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            var batch = next.GetAwaiter().GetResult();
            next = Task.Run(Read, CancellationToken.None);
            var outcome = _engine.Step(batch, Rate);
            _state.Step++;
            _state.Tokens += batch.Inputs;
            _state.Position = batch.Position;
            _state.Elapsed += clock.Elapsed;
            stepped(outcome);
        }

        next.GetAwaiter().GetResult();
        _engine.Store();
    }

    /// <summary>How well documents are predicted, without learning from them.</summary>
    public BatchOutcome Evaluate(IReadOnlyList<TrainingDocument> documents) => _engine.Evaluate(documents);

    /// <summary>Puts the weights into the state, for a checkpoint in mid-training.</summary>
    public void Store() => _engine.Store();

    public void Dispose() => _engine.Dispose();

    private TrainingBatch Read() => _reader.Read(_engine.Parts, _options.BatchTokens);
}
