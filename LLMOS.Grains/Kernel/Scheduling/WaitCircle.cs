using System.Globalization;
using System.Text;

namespace LLMOS.Kernel.Scheduling;

/// <summary>Processes each of which waits for the next, and the last for the first.</summary>
public static class WaitCircle
{
    /// <summary>Who gives up: the least urgent, of those the youngest, of those the one with the greatest PID.</summary>
    public static WaitStep Victim(IReadOnlyList<WaitStep> circle) => circle
        .OrderByDescending(step => step.Priority)
        .ThenByDescending(step => step.CreatedAt)
        .ThenByDescending(step => step.Pid)
        .First();

    /// <summary>Names it, such as "7 (alice) waits for 9 (bob), which waits for 7 (alice)", from the one with the least PID on.</summary>
    public static string Describe(IReadOnlyList<WaitStep> circle)
    {
        ArgumentNullException.ThrowIfNull(circle);
        var start = Enumerable.Range(0, circle.Count).MinBy(i => circle[i].Pid);
        var text = new StringBuilder(Name(circle[start]));
        for (var i = 0; i < circle.Count; i++)
        {
            var step = circle[(start + i) % circle.Count];
            var next = circle[(start + i + 1) % circle.Count];
            text.Append(i == 0 ? " waits for " : ", which waits for ").Append(What(step.Kind)).Append(Name(next));
        }

        return text.ToString();
    }

    private static string Name(WaitStep step) => string.Create(CultureInfo.InvariantCulture, $"{step.Pid} ({step.Name})");

    private static string What(WaitKind kind) => kind switch
    {
        WaitKind.Dependency or WaitKind.End => "the end of ",
        WaitKind.Room => "room in the mailbox of ",
        _ => "",
    };
}
