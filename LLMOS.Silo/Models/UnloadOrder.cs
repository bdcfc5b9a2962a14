using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

/// <summary>
/// Which idle model goes first when another wants its room: the least recently used, but those whose last request was REALTIME or HIGH after all others.
/// </summary>
internal sealed class UnloadOrder : IComparer<LoadedEngine>
{
    public static UnloadOrder Instance { get; } = new();

    public int Compare(LoadedEngine? x, LoadedEngine? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var order = IsUrgent(x).CompareTo(IsUrgent(y));
        return order != 0 ? order : x.LastUse.CompareTo(y.LastUse);
    }

    private static bool IsUrgent(LoadedEngine engine) => engine.Priority.Class is PriorityClass.RealTime or PriorityClass.High;
}
