namespace ModelForge.Training;

/// <summary>What a block computed, row after row.</summary>
internal sealed unsafe class BlockActivations(
    AlignedFloats attentionScale,
    AlignedFloats attentionInput,
    AlignedFloats queryKeyValue,
    AlignedFloats logSums,
    AlignedFloats attentionOutput,
    AlignedFloats middle,
    AlignedFloats feedForwardScale,
    AlignedFloats feedForwardInput,
    AlignedFloats gateUp,
    AlignedFloats hidden)
{
    /// <summary>One by the root mean square of a row, before attention.</summary>
    public float* AttentionScale => attentionScale.Pointer;

    /// <summary>The normalised rows that attention reads.</summary>
    public float* AttentionInput => attentionInput.Pointer;

    /// <summary>Queries and keys, turned to their positions, and values.</summary>
    public float* QueryKeyValue => queryKeyValue.Pointer;

    /// <summary>The logarithm of the softmax's denominator, by row and head.</summary>
    public float* LogSums => logSums.Pointer;

    /// <summary>What attention gathered.</summary>
    public float* AttentionOutput => attentionOutput.Pointer;

    /// <summary>The residual stream between attention and feed-forward.</summary>
    public float* Middle => middle.Pointer;

    /// <summary>One by the root mean square of a row, before the feed-forward layer.</summary>
    public float* FeedForwardScale => feedForwardScale.Pointer;

    /// <summary>The normalised rows that the feed-forward layer reads.</summary>
    public float* FeedForwardInput => feedForwardInput.Pointer;

    /// <summary>Gate and up, side by side.</summary>
    public float* GateUp => gateUp.Pointer;

    /// <summary>silu(gate) × up.</summary>
    public float* Hidden => hidden.Pointer;
}
