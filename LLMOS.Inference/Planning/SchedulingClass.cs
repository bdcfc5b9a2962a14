namespace LLMOS.Inference.Planning;

/// <summary>The classes on the scale of priorities, four levels each.</summary>
public static class SchedulingClass
{
    public const int HighestPriority = 0;
    public const int LowestPriority = 19;
    public const int DefaultPriority = 10;

    private const int LevelsInClass = 4;

    /// <summary>The best priority of a class.</summary>
    public static int BestOf(SequenceClass schedulingClass) => (int)schedulingClass * LevelsInClass;

    /// <summary>The class of a priority; one outside the scale counts as the end of the scale that it is nearer to.</summary>
    public static SequenceClass Of(int priority) =>
        (SequenceClass)(Math.Clamp(priority, HighestPriority, LowestPriority) / LevelsInClass);
}
