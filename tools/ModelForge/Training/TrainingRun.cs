using System.Diagnostics;
using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>A training from its checkpoint, or from the beginning, to its end or an interruption, with a checkpoint now and then.</summary>
internal static class TrainingRun
{
    /// <summary>Trains, and leaves a checkpoint behind.</summary>
    /// <param name="checkpoint">The file; gone on from if it is there.</param>
    /// <param name="state">Where the training stands.</param>
    /// <param name="stream">What to learn.</param>
    /// <param name="heldOut">What to be judged by on the way.</param>
    /// <param name="options">How.</param>
    /// <param name="engine">What computes, disposed here; the threads of <paramref name="options"/> when null.</param>
    /// <param name="output">Where lines are written.</param>
    /// <param name="cancellationToken">Ends it after the step that runs; the checkpoint is written.</param>
    /// <returns>Whether it reached its end.</returns>
    public static bool Run(
        string checkpoint,
        TrainingState state,
        ITrainingStream stream,
        ITrainingStream heldOut,
        TrainingOptions options,
        ITrainingEngine? engine,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        using var trainer = new Trainer(state, stream, options, engine);
        var judged = Enumerable.Range(0, options.HeldOutDocuments).Select(position => heldOut.At(position)).ToArray();
        var log = new TrainingLog(stream.Tasks, state, trainer, output);
        var (reported, looked, saved) = (Stopwatch.StartNew(), Stopwatch.StartNew(), Stopwatch.StartNew());
        output.WriteLine($"Computed by {trainer.Engine}.");
        trainer.Run(
            outcome =>
            {
                log.Add(outcome);
                if (Due(reported, options.ReportInterval))
                    log.Report();
                if (Due(looked, options.HeldOutInterval))
                    log.ReportHeldOut(trainer.Evaluate(judged));
                if (Due(saved, options.CheckpointInterval))
                {
                    trainer.Store();
                    Save(checkpoint, state, options);
                }
            },
            cancellationToken);
        Save(checkpoint, state, options);
        log.ReportHeldOut(trainer.Evaluate(judged));
        return trainer.Progress >= 1;
    }

    /// <summary>Weights that are no numbers do not take a good checkpoint's place: the last step's are looked at by no other.</summary>
    private static void Save(string checkpoint, TrainingState state, TrainingOptions options)
    {
        TrainingFailedException.ThrowIfNotANumber(TensorPrimitives.SumOfSquares<float>(state.Parameters.Span), state.Step, options.PeakRate, "length of the weights");
        Checkpoint.Save(checkpoint, state);
    }

    private static bool Due(Stopwatch clock, TimeSpan interval)
    {
        if (clock.Elapsed < interval)
            return false;
        clock.Restart();
        return true;
    }
}
