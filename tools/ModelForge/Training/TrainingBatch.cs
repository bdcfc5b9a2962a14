namespace ModelForge.Training;

/// <summary>The documents of a step, dealt to micro-batches.</summary>
/// <param name="parts">The micro-batches.</param>
/// <param name="position">Where the stream goes on behind them.</param>
internal sealed class TrainingBatch(MicroBatch[] parts, long position)
{
    public IReadOnlyList<MicroBatch> Parts => parts;

    /// <summary>Where the stream goes on behind this batch.</summary>
    public long Position => position;

    public int Inputs { get; } = parts.Sum(static part => part.Inputs);

    public int Targets { get; } = parts.Sum(static part => part.Targets);
}
