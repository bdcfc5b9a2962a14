namespace LLMOS.Inference.Sampling;

/// <summary>Buffers that all samplers of one engine share, since they run one after another.</summary>
internal sealed class SamplerScratch(int vocabulary)
{
    /// <summary>Candidate tokens; those in use begin at 0.</summary>
    public int[] Ids { get; } = new int[vocabulary + CandidateSelection.Slack];

    /// <summary>Their logits.</summary>
    public float[] Values { get; } = new float[vocabulary + CandidateSelection.Slack];

    /// <summary>The model's logits as they were; made when log-probabilities are first asked for.</summary>
    public float[] ModelLogits => field ??= new float[Counts.Length];

    /// <summary>For each token how often it was seen; all zero between uses.</summary>
    public int[] Counts { get; } = new int[vocabulary];
}
