using ILGPU;

namespace ModelForge.Training.Gpu;

/// <summary>Multiplies matrices on a GPU.</summary>
internal interface IGpuProduct : IDisposable
{
    /// <summary>Who computes it, for people.</summary>
    string Name { get; }

    /// <summary>target = left × right, or target += left × right, for each pair of a batch.</summary>
    void Multiply(GpuMatrix left, GpuMatrix right, ArrayView<float> target, bool accumulate = false, int batch = 1, int targetStride = 0);
}
