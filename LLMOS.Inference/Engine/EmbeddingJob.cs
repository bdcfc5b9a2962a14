namespace LLMOS.Inference.Engine;

/// <summary>Texts to embed, some each step.</summary>
/// <param name="chunks">The tokens of the texts, or of the chunks of long ones.</param>
/// <param name="texts">How many texts they are.</param>
/// <param name="cancellationToken">Ends the job between two steps.</param>
internal sealed class EmbeddingJob(IReadOnlyList<int[]> chunks, int texts, CancellationToken cancellationToken)
{
    public IReadOnlyList<int[]> Chunks { get; } = chunks;

    public int Texts { get; } = texts;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public List<float[]> Done { get; } = new(chunks.Count);

    /// <summary>How often it broke the embedder down.</summary>
    public int Breakdowns { get; set; }

    public TaskCompletionSource<float[][]> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
