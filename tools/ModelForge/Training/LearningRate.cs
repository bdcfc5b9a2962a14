namespace ModelForge.Training;

/// <summary>Linear warm-up, a constant rate, and over the last seven tenths of the training half a cosine to a hundredth of it.</summary>
internal static class LearningRate
{
    private const double DecayFrom = 0.3;
    private const double Last = 0.01;

    /// <param name="peak">The highest rate.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="warmUp">Steps in which the rate rises.</param>
    /// <param name="progress">The part of the training that is done, from 0 to 1.</param>
    public static float At(float peak, long step, int warmUp, double progress)
    {
        var rise = Math.Min(1, (step + 1.0) / Math.Max(1, warmUp));
        var fall = Math.Clamp((progress - DecayFrom) / (1 - DecayFrom), 0, 1);
        return (float)(peak * rise * (Last + (1 - Last) * 0.5 * (1 + Math.Cos(Math.PI * fall))));
    }
}
