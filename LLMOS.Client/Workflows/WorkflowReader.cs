using System.Buffers;
using System.Collections.Immutable;
using LLMOS.Agents;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using YamlDotNet.RepresentationModel;

namespace LLMOS.Client.Workflows;

/// <summary>Makes a template of the nodes of a workflow file.</summary>
internal sealed class WorkflowReader(WorkflowSource source)
{
    private const string DefaultRegion = "/context/project-" + ProjectSlug.Placeholder;
    private const int MaxRoles = 64;
    private const int MaxRoutes = 256;
    private const int MaxNameLength = 64;
    private const int MaxPromptLength = 32 * 1024;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> NoPathCharacters = SearchValues.Create(" \t\r\n{}\\");

    public WorkflowTemplate Read(YamlNode root)
    {
        var workflow = new YamlMapping(source, root, "a workflow", "name", "description", "region", "roles", "routes");
        var name = Name(workflow, "name");
        var region = Region(workflow);
        var roles = ImmutableArray.CreateBuilder<WorkflowRole>();
        var roleNodes = new Dictionary<string, YamlNode>();
        foreach (var node in workflow.List("roles", MaxRoles))
        {
            var role = Role(node, roleNodes);
            roles.Add(role);
        }

        var routes = ImmutableArray.CreateBuilder<WorkflowRoute>();
        var routeNodes = new List<YamlNode>();
        foreach (var node in workflow.List("routes", MaxRoutes))
        {
            routes.Add(Route(node, roleNodes));
            routeNodes.Add(node);
        }

        var template = new WorkflowTemplate
        {
            Name = name,
            Description = workflow.Text("description", ""),
            Region = region,
            Roles = roles.ToImmutable(),
            Routes = routes.ToImmutable(),
        };
        WorkflowRules.Check(template, source, roleNodes, routeNodes, workflow.NodeOf("routes"));
        return template;
    }

    private WorkflowRole Role(YamlNode node, Dictionary<string, YamlNode> known)
    {
        var role = new YamlMapping(
            source, node, "a role", "name", "prompt", "priority", "budget", "kind", "maxTokensPerTurn", "temperature", "model", "durability");
        var name = Name(role, "name");
        if (name == WorkflowRoute.User)
        {
            throw source.Error(role.NodeOf("name"), "no role can be named 'user': that is the person who asked; choose another name.");
        }

        if (!known.TryAdd(name, role.NodeOf("name")))
        {
            throw source.Error(role.NodeOf("name"), $"a second role is named '{name}', as on line {known[name].Start.Line}: give each its own name.");
        }

        var prompt = role.Text("prompt");
        if (prompt.Length > MaxPromptLength)
        {
            throw source.Error(role.NodeOf("prompt"), $"the prompt of '{name}' has {prompt.Length} characters; at most {MaxPromptLength} are allowed.");
        }

        var defaults = new WorkflowRole { Name = name, Prompt = prompt };
        return defaults with
        {
            Priority = Priority(role, defaults.Priority),
            Budget = role.Whole("budget", defaults.Budget, 1, 1_000_000_000),
            Kind = Kind(role, defaults.Kind),
            MaxTokensPerTurn = (int)role.Whole("maxTokensPerTurn", defaults.MaxTokensPerTurn, 1, 1_000_000),
            Temperature = role.Number("temperature", defaults.Temperature, 0, 2),
            Model = role.Text("model", defaults.Model),
            Durability = Durability(role, defaults.Durability),
        };
    }

    private WorkflowRoute Route(YamlNode node, Dictionary<string, YamlNode> roles)
    {
        var route = new YamlMapping(source, node, "a route", "from", "to", "times", "until");
        var from = End(route, "from", roles);
        var to = End(route, "to", roles);
        if (from == to)
        {
            throw source.Error(node, $"this route goes from '{from}' to itself: let it lead to another role or to 'user'.");
        }

        return new WorkflowRoute
        {
            From = from,
            To = to,
            Times = route.Has("times") ? (int)route.Whole("times", 1, 1, 1_000) : null,
            Until = route.Text("until", ""),
        };
    }

    private string End(YamlMapping route, string key, Dictionary<string, YamlNode> roles)
    {
        var name = route.Text(key);
        return name == WorkflowRoute.User || roles.ContainsKey(name)
            ? name
            : throw source.Error(route.NodeOf(key), $"no role is named '{name}': use {string.Join(", ", roles.Keys)} or user.");
    }

    private string Name(YamlMapping mapping, string key)
    {
        var name = mapping.Text(key);
        return name.Length <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(NameCharacters) && !long.TryParse(name, out _)
            ? name
            : throw source.Error(
                mapping.NodeOf(key),
                $"'{(name.Length <= 60 ? name : name[..60] + "…")}' is no name: use 1 to {MaxNameLength} letters, digits, '-', '_' and '.', and not a number alone.");
    }

    private string Region(YamlMapping workflow)
    {
        var region = workflow.Text("region", DefaultRegion);
        var plain = region.Replace(ProjectSlug.Placeholder, "x", StringComparison.Ordinal);
        return plain.StartsWith('/') && plain.Length > 1 && !plain.EndsWith('/') && !plain.Contains("//", StringComparison.Ordinal)
            && !plain.AsSpan(1).ContainsAny(NoPathCharacters) && plain.Length <= 256
                ? region
                : throw source.Error(
                    workflow.NodeOf("region"), $"'{region.ReplaceLineEndings(" ")}' is no path of a region: use one such as {DefaultRegion}.");
    }

    private ProcessPriority Priority(YamlMapping role, ProcessPriority otherwise)
    {
        if (!role.Has("priority"))
        {
            return otherwise;
        }

        try
        {
            return ProcessPriority.Parse(role.Text("priority"));
        }
        catch (LlmosException wrong) when (!wrong.Message.StartsWith(source.File, StringComparison.Ordinal))
        {
            throw source.Error(role.NodeOf("priority"), char.ToLowerInvariant(wrong.Message[0]) + wrong.Message[1..]);
        }
    }

    private ProcessDurability Durability(YamlMapping role, ProcessDurability otherwise)
    {
        if (!role.Has("durability"))
        {
            return otherwise;
        }

        return role.Text("durability").ToUpperInvariant() switch
        {
            "TURN" => ProcessDurability.Turn,
            "TOKEN" => ProcessDurability.Token,
            _ => throw source.Error(role.NodeOf("durability"), $"'{role.Text("durability")}' is no durability: use turn or token."),
        };
    }

    private ProcessKind Kind(YamlMapping role, ProcessKind otherwise)
    {
        if (!role.Has("kind"))
        {
            return otherwise;
        }

        var text = role.Text("kind");
        return !char.IsAsciiDigit(text[0]) && Enum.TryParse<ProcessKind>(text, ignoreCase: true, out var kind) && kind is ProcessKind.Specialist or ProcessKind.Meta
            ? kind
            : throw source.Error(role.NodeOf("kind"), $"'{text}' is no kind of agent: use specialist or meta.");
    }
}
