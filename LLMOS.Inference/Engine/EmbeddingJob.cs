namespace LLMOS.Inference.Engine;

/// <summary>Texts to embed, some each step.</summary>
internal sealed class EmbeddingJob(IReadOnlyList<int[]> texts, CancellationToken cancellationToken)
{
    public IReadOnlyList<int[]> Texts { get; } = texts;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public List<float[]> Done { get; } = new(texts.Count);

    /// <summary>How often it broke the embedder down.</summary>
    public int Breakdowns { get; set; }

    public TaskCompletionSource<float[][]> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
