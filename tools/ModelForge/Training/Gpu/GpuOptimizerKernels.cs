using ILGPU;
using ILGPU.Algorithms;

namespace ModelForge.Training.Gpu;

/// <summary><see cref="AdamW"/> and the steps of <see cref="Muon"/> that are no matrix product, for a GPU.</summary>
internal static class GpuOptimizerKernels
{
    /// <summary>Moves what is not left to Muon.</summary>
    public static void AdamW(
        Index1D index,
        AdamWStep step,
        ArrayView<byte> kinds,
        ArrayView<float> gradient,
        ArrayView<float> first,
        ArrayView<float> second,
        ArrayView<float> parameters)
    {
        var kind = kinds[index];
        if (kind == (byte)ParameterKind.Muon)
            return;
        var g = gradient[index] * step.Clip;
        var m = first[index] * step.FirstDecay + g * (1 - step.FirstDecay);
        var v = second[index] * step.SecondDecay + g * g * (1 - step.SecondDecay);
        first[index] = m;
        second[index] = v;
        var keep = kind == (byte)ParameterKind.Decayed ? 1 - step.Rate * step.WeightDecay : 1;
        parameters[index] = parameters[index] * keep - m * (step.Rate * step.FirstCorrection) / (XMath.Sqrt(v * step.SecondCorrection) + step.Epsilon);
    }

    /// <summary>Adds the gradient to the momentum, and puts Nesterov's step in its place.</summary>
    public static void Momentum(Index1D index, float momentum, float clip, ArrayView<byte> kinds, ArrayView<float> gradient, ArrayView<float> mean)
    {
        if (kinds[index] != (byte)ParameterKind.Muon)
            return;
        var g = gradient[index] * clip * (1 - momentum);
        var m = mean[index] * momentum + g;
        mean[index] = m;
        gradient[index] = m * momentum + g;
    }

    /// <summary>Divides each matrix by its norm; a group for each.</summary>
    public static void Normalise(int length, int stride, ArrayView<float> matrices)
    {
        var shared = SharedMemory.Allocate<float>(GpuKernels.Warps);
        var sum = 0f;
        var start = Grid.IdxX * stride;
        for (var i = Group.IdxX; i < length; i += GpuKernels.GroupSize)
            sum += matrices[start + i] * matrices[start + i];
        sum = GpuKernels.GroupSum(sum, shared);
        var scale = sum > 0 ? XMath.Rsqrt(sum) : 0;
        for (var i = Group.IdxX; i < length; i += GpuKernels.GroupSize)
            matrices[start + i] *= scale;
    }

    /// <summary>target = target × <paramref name="targetScale"/> + source × <paramref name="sourceScale"/>, for matrices one behind the other with a distance between them.</summary>
    public static void Combine(
        Index1D index,
        int length,
        float targetScale,
        int targetStride,
        ArrayView<float> target,
        float sourceScale,
        int sourceStride,
        ArrayView<float> source)
    {
        var (matrix, element) = (index / length, index % length);
        var at = matrix * targetStride + element;
        target[at] = target[at] * targetScale + source[matrix * sourceStride + element] * sourceScale;
    }
}
