namespace LLMOS.Agents;

/// <summary>What a template must be for a run to be able to end.</summary>
public static class WorkflowRules
{
    /// <summary>The longest request, in characters.</summary>
    public const int MaxRequestLength = 64 * 1024;

    /// <exception cref="LlmosException">The template or the request is wrong.</exception>
    public static void Validate(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Request))
        {
            throw LlmosException.InvalidArgument("The request is empty: say what is to be done.");
        }

        if (request.Request.Length > MaxRequestLength)
        {
            throw LlmosException.InvalidArgument(
                $"The request has {request.Request.Length} characters; at most {MaxRequestLength} are taken: shorten it.");
        }

        var template = request.Template;
        var roles = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in template.Roles)
        {
            if (role.Name == WorkflowRoute.User || !roles.Add(role.Name))
            {
                throw LlmosException.InvalidArgument(
                    $"The workflow '{template.Name}' has the role '{role.Name}' twice: give each role a name of its own, other than '{WorkflowRoute.User}'.");
            }
        }

        foreach (var route in template.Routes)
        {
            foreach (var end in (string[])[route.From, route.To])
            {
                if (end != WorkflowRoute.User && !roles.Contains(end))
                {
                    throw LlmosException.InvalidArgument(
                        $"The workflow '{template.Name}' has a route {route.From} → {route.To}, and '{end}' is none of its roles.");
                }
            }
        }

        if (!template.Routes.Any(route => route.From == WorkflowRoute.User) || !template.Routes.Any(route => route.To == WorkflowRoute.User))
        {
            throw LlmosException.InvalidArgument(
                $"The workflow '{template.Name}' needs a route from '{WorkflowRoute.User}' to begin and one to '{WorkflowRoute.User}' to end.");
        }
    }
}
