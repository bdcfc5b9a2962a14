namespace ModelForge.Training;

/// <summary>Computes the steps of a training: on the processor or on a GPU.</summary>
internal interface ITrainingEngine : IDisposable
{
    /// <summary>What computes, for people.</summary>
    string Name { get; }

    /// <summary>Micro-batches that the documents of a step are dealt to.</summary>
    int Parts { get; }

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">Of <see cref="Parts"/> micro-batches.</param>
    /// <param name="rate">The learning rate.</param>
    /// <exception cref="TrainingFailedException">The gradient is not a number; the weights are as they were.</exception>
    BatchOutcome Step(TrainingBatch batch, float rate);

    /// <summary>How well documents are predicted, without learning from them.</summary>
    BatchOutcome Evaluate(IReadOnlyList<TrainingDocument> documents);

    /// <summary>Puts weights and moments into the state of the training, if they are elsewhere.</summary>
    void Store();
}
