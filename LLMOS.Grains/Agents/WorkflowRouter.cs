using System.Collections.Immutable;
using System.Globalization;

namespace LLMOS.Agents;

/// <summary>
/// Decides which way a message takes after a role's turn. What it has to know travels in the message: the routes that
/// were taken and those that were closed, so that a turn that is replayed decides the same, and nobody keeps the score.
/// </summary>
public static class WorkflowRouter
{
    /// <summary>The header with the numbers of the routes taken, in order.</summary>
    public const string TrailHeader = "workflow.trail";

    /// <summary>The header with the numbers of the routes that are closed.</summary>
    public const string ClosedHeader = "workflow.closed";

    /// <summary>The route that is open after a role has spoken, and the headers of the message that takes it.</summary>
    /// <returns>Null when no route is open.</returns>
    public static WorkflowStep? Next(WorkflowTemplate template, string role, string text, ImmutableDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(headers);
        var trail = Read(headers, TrailHeader);
        var closed = Read(headers, ClosedHeader);
        for (var i = 0; i < template.Routes.Length; i++)
        {
            var route = template.Routes[i];
            if (route.Until.Length > 0 && route.To == role && text.Contains(route.Until, StringComparison.Ordinal) && !closed.Contains(i))
            {
                closed.Add(i);
            }
        }

        for (var i = 0; i < template.Routes.Length; i++)
        {
            var route = template.Routes[i];
            if (route.From == role && !closed.Contains(i) && (route.Times is not { } times || trail.Count(taken => taken == i) < times))
            {
                trail.Add(i);
                return new WorkflowStep(route.To, headers.SetItem(TrailHeader, Write(trail)).SetItem(ClosedHeader, Write(closed)));
            }
        }

        return null;
    }

    private static List<int> Read(ImmutableDictionary<string, string> headers, string name) =>
        headers.TryGetValue(name, out var text) && text.Length > 0
            ? [.. text.Split(',').Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))]
            : [];

    private static string Write(List<int> numbers) => string.Join(',', numbers);
}
