using ILGPU;

namespace ModelForge.Training.Gpu;

/// <summary><see cref="BlockActivations"/> in the memory of a GPU.</summary>
internal sealed record GpuBlockActivations(
    ArrayView<float> AttentionScale,
    ArrayView<float> AttentionInput,
    ArrayView<float> QueryKeyValue,
    ArrayView<float> LogSums,
    ArrayView<float> AttentionOutput,
    ArrayView<float> Middle,
    ArrayView<float> FeedForwardScale,
    ArrayView<float> FeedForwardInput,
    ArrayView<float> GateUp,
    ArrayView<float> Hidden);
