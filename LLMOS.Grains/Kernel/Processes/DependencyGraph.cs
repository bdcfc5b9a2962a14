using System.Globalization;

namespace LLMOS.Kernel.Processes;

/// <summary>Which processes wait for which to end: finds cycles, and an order in which each comes after those it waits for.</summary>
public static class DependencyGraph
{
    /// <summary>The processes in such an order. What they wait for and which is not among them is left out.</summary>
    /// <param name="after">For each process those it waits for.</param>
    /// <exception cref="LlmosException">Some wait for each other; the message names the cycle.</exception>
    public static IReadOnlyList<long> Order(IReadOnlyDictionary<long, IReadOnlyList<long>> after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var ordered = new List<long>(after.Count);
        var done = new HashSet<long>();
        foreach (var start in after.Keys.Order())
        {
            Visit(start);
        }

        return ordered;

        // Without recursion: a chain may be as long as the list.
        void Visit(long start)
        {
            if (done.Contains(start))
            {
                return;
            }

            var path = new List<(long Pid, int Next)> { (start, 0) };
            var onPath = new HashSet<long> { start };
            while (path.Count > 0)
            {
                var (pid, next) = path[^1];
                var waitsFor = after[pid];
                if (next == waitsFor.Count)
                {
                    path.RemoveAt(path.Count - 1);
                    onPath.Remove(pid);
                    done.Add(pid);
                    ordered.Add(pid);
                    continue;
                }

                path[^1] = (pid, next + 1);
                var other = waitsFor[next];
                if (onPath.Contains(other))
                {
                    throw Cycle([.. path.Select(step => step.Pid).SkipWhile(step => step != other), other]);
                }

                if (after.ContainsKey(other) && !done.Contains(other))
                {
                    path.Add((other, 0));
                    onPath.Add(other);
                }
            }
        }
    }

    private static LlmosException Cycle(IEnumerable<long> pids) => LlmosException.InvalidArgument(
        $"The processes wait for each other and none could ever start: {string.Join(" → ", pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture)))}. Take one of these dependencies away.");
}
