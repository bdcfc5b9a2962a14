using LLMOS.Agents;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Client.Workflows;

/// <summary>
/// What the routes of a workflow must be for every run of it to end: one start, nothing out of reach, a way on for each
/// role that is always open, and a bound on every loop.
/// </summary>
/// <remarks>
/// Routes without <c>times</c> form no loop, so between two bounded routes a run takes each role at most once; the bounded
/// ones are taken a known number of times; each role has a way on: so a run comes to the user.
/// </remarks>
internal static class WorkflowRules
{
    public static void Check(
        WorkflowTemplate template,
        WorkflowSource source,
        IReadOnlyDictionary<string, YamlNode> roleNodes,
        IReadOnlyList<YamlNode> routeNodes,
        YamlNode routesNode)
    {
        var routes = template.Routes;
        if (!routes.Any(route => route.From == WorkflowRoute.User))
        {
            throw source.Error(routesNode, "no route begins at 'user': add one to the role that is asked first.");
        }

        if (!routes.Any(route => route.To == WorkflowRoute.User))
        {
            throw source.Error(routesNode, "no route leads to 'user', so a run could never end: add one from the role that answers.");
        }

        CheckOrder(template, source, routeNodes);
        foreach (var role in template.Roles)
        {
            if (!Reaches(template, role.Name))
            {
                throw source.Error(roleNodes[role.Name], $"nothing leads to the role '{role.Name}': add a route to it, or leave it out.");
            }

            if (!routes.Any(route => route.From == role.Name && IsAlwaysOpen(route)))
            {
                throw source.Error(
                    roleNodes[role.Name],
                    $"the role '{role.Name}' has no way on that is always open, so a run could stop there: add a last route from it without times and until.");
            }
        }

        for (var i = 0; i < routes.Length; i++)
        {
            if (FindLoop(template, routes[i]) is { } loop)
            {
                throw source.Error(routeNodes[i], $"the loop {string.Join(" → ", loop)} could go on for ever: give one of its routes 'times'.");
            }
        }
    }

    /// <summary>Routes are tried in order: one behind a route that is always open is never taken.</summary>
    private static void CheckOrder(WorkflowTemplate template, WorkflowSource source, IReadOnlyList<YamlNode> nodes)
    {
        var open = new Dictionary<string, int>();
        for (var i = 0; i < template.Routes.Length; i++)
        {
            var route = template.Routes[i];
            if (open.TryGetValue(route.From, out var before))
            {
                var remedy = route.From == WorkflowRoute.User
                    ? "a run begins once; leave one of them out"
                    : "put it before that one, and give it times";
                throw source.Error(
                    nodes[i], $"this route is never taken, because the one on line {nodes[before].Start.Line} from '{route.From}' is always open: {remedy}.");
            }

            // The user speaks once in a run, so the first route from there is the only one.
            if (IsAlwaysOpen(route) || route.From == WorkflowRoute.User)
            {
                open.Add(route.From, i);
            }
        }
    }

    private static bool IsAlwaysOpen(WorkflowRoute route) => route.Times is null && route.Until.Length == 0;

    private static bool Reaches(WorkflowTemplate template, string role)
    {
        var reached = new HashSet<string> { WorkflowRoute.User };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var from))
        {
            foreach (var route in template.Routes.Where(route => route.From == from && reached.Add(route.To)))
            {
                open.Enqueue(route.To);
            }
        }

        return reached.Contains(role);
    }

    /// <summary>A loop of routes without <c>times</c> that begins with this one, by the names on it; null when there is none.</summary>
    private static List<string>? FindLoop(WorkflowTemplate template, WorkflowRoute first)
    {
        if (first.Times is not null || first.From == WorkflowRoute.User || first.To == WorkflowRoute.User)
        {
            return null;
        }

        var cameFrom = new Dictionary<string, string> { [first.To] = first.From };
        var open = new Queue<string>([first.To]);
        while (open.TryDequeue(out var role))
        {
            foreach (var route in template.Routes)
            {
                if (route.From != role || route.Times is not null || route.To == WorkflowRoute.User)
                {
                    continue;
                }

                if (route.To == first.From)
                {
                    var loop = new List<string> { first.From };
                    for (var at = role; at != first.From; at = cameFrom[at])
                    {
                        loop.Add(at);
                    }

                    loop.Add(first.From);
                    loop.Reverse();
                    return loop;
                }

                if (cameFrom.TryAdd(route.To, role))
                {
                    open.Enqueue(route.To);
                }
            }
        }

        return null;
    }
}
