namespace ModelForge.Training;

/// <summary>Where the tensors of a block begin.</summary>
/// <param name="AttentionNorm">Before attention.</param>
/// <param name="QueryKeyValue">The query, key and value matrices, as one matrix.</param>
/// <param name="AttentionOutput">Behind attention.</param>
/// <param name="FeedForwardNorm">Before the feed-forward layer.</param>
/// <param name="GateUp">The gate and up matrices, as one matrix.</param>
/// <param name="Down">Back to the residual stream.</param>
internal readonly record struct BlockParameters(
    long AttentionNorm, long QueryKeyValue, long AttentionOutput, long FeedForwardNorm, long GateUp, long Down);
