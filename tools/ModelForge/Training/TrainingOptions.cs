namespace ModelForge.Training;

/// <summary>How a model is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The threads; each computes a micro-batch. Another number gives other roundings.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Threads that generate documents while others compute; one is enough for a processor, all are for a GPU.</summary>
    public int Readers { get; init; } = 1;

    /// <summary>Tokens in a step, all micro-batches together; the last document of a step may go beyond.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>The highest learning rate.</summary>
    public float PeakRate { get; init; } = 1e-3f;

    /// <summary>What Muon's learning rate is, as a multiple of AdamW's: its steps have no outliers, so they may be longer.</summary>
    public float MuonRate { get; init; } = 2;

    /// <summary>Steps in which the rate rises to its peak.</summary>
    public int WarmUpSteps { get; init; } = 200;

    /// <summary>Weight decay of the matrices.</summary>
    public float WeightDecay { get; init; } = 0.05f;

    /// <summary>The part of the embeddings and of what the feed-forward layers compute that is left out of a step.</summary>
    public float Dropout { get; init; }

    /// <summary>The greatest norm of a gradient; a longer one is shortened to it.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>Tokens to train on, unless <see cref="Duration"/> is given.</summary>
    public long Tokens { get; init; } = 60_000_000;

    /// <summary>How long to train, all pieces of a training together; the learning rate follows it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Between two checkpoints.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Between two lines of losses.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two looks at documents held out.</summary>
    public TimeSpan HeldOutInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Documents held out that are looked at.</summary>
    public int HeldOutDocuments { get; init; } = 300;
}
