using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
internal static unsafe class AdamW
{
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.97f;
    private const float Epsilon = 1e-8f;
    private const int Width = 8;

    /// <summary>The numbers of a step, for a device that computes it.</summary>
    /// <param name="step">Its number, from 1.</param>
    /// <param name="clip">What the gradient is multiplied with.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">Of the matrices.</param>
    public static AdamWStep At(long step, float clip, float rate, float weightDecay) =>
        new(clip, rate, weightDecay, FirstDecay, SecondDecay, Correction(FirstDecay, step), Correction(SecondDecay, step), Epsilon);

    /// <summary>Moves parameters by one step.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="gradientScale">What the gradient is multiplied with, for clipping.</param>
    /// <param name="first">Mean of the gradients.</param>
    /// <param name="second">Mean of their squares.</param>
    /// <param name="length">How many.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">Zero for norms.</param>
    public static void Step(
        float* parameters, float* gradient, float gradientScale, float* first, float* second, long length, long step, float rate, float weightDecay)
    {
        var (firstCorrection, secondCorrection) = (Correction(FirstDecay, step), Correction(SecondDecay, step));
        var keep = 1 - rate * weightDecay;
        long i = 0;
        for (; i + Width <= length; i += Width)
        {
            var g = Vector256.Load(gradient + i) * gradientScale;
            var m = Vector256.Load(first + i) * FirstDecay + g * (1 - FirstDecay);
            var v = Vector256.Load(second + i) * SecondDecay + g * g * (1 - SecondDecay);
            m.Store(first + i);
            v.Store(second + i);
            var move = m * (rate * firstCorrection) / (Vector256.Sqrt(v * secondCorrection) + Vector256.Create(Epsilon));
            (Vector256.Load(parameters + i) * keep - move).Store(parameters + i);
        }

        for (; i < length; i++)
        {
            var g = gradient[i] * gradientScale;
            first[i] = first[i] * FirstDecay + g * (1 - FirstDecay);
            second[i] = second[i] * SecondDecay + g * g * (1 - SecondDecay);
            parameters[i] = parameters[i] * keep - first[i] * (rate * firstCorrection) / (MathF.Sqrt(second[i] * secondCorrection) + Epsilon);
        }
    }

    /// <summary>What makes up for a mean that began with zero.</summary>
    private static float Correction(float decay, long step) => (float)(1 / (1 - Math.Pow(decay, step)));
}
