namespace LLMOS.Inference.Planning;

/// <summary>The share of service that a priority stands for: it grows by a quarter with each level.</summary>
public static class WeightTable
{
    /// <summary>What the share grows by from one level to the next better one.</summary>
    public const double LevelFactor = 1.25;

    private static readonly double[] Weights =
    [
        .. Enumerable.Range(0, SchedulingClass.LowestPriority + 1).Select(priority => Math.Pow(LevelFactor, SchedulingClass.DefaultPriority - priority)),
    ];

    /// <summary>The weight of a priority, 1 for the default one; one outside the scale counts as the end that it is nearer to.</summary>
    public static double Of(int priority) => Weights[Math.Clamp(priority, SchedulingClass.HighestPriority, SchedulingClass.LowestPriority)];
}
