using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a process is to be. What is left out gets the default of the kernel, or of the template.</summary>
internal sealed record SpawnBody
{
    /// <summary>1 to 64 letters, digits, '-', '_' and '.'; it may be left out with a template.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for: an agent's system prompt.</summary>
    public string? Role { get; init; }

    /// <summary>A template of VectorFS that the rest comes from.</summary>
    public string? Template { get; init; }

    /// <summary>user, system, specialist or meta.</summary>
    public string? Kind { get; init; }

    /// <summary>0 (highest) to 19, as text or as a class name.</summary>
    public string? Priority { get; init; }

    /// <summary>Tokens it may use in a time slice.</summary>
    public long? Budget { get; init; }

    public string? Model { get; init; }

    /// <summary>agent, actor or mailbox.</summary>
    public string? Program { get; init; }

    /// <summary>The PID of its parent; init when left out.</summary>
    public long? Parent { get; init; }

    /// <summary>The names of its permissions.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The path of a context region that it shares.</summary>
    public string? Region { get; init; }

    public bool? InheritContext { get; init; }

    /// <summary>The account that it spends from.</summary>
    public string? Account { get; init; }

    /// <summary>PIDs that have to end before it starts.</summary>
    public IReadOnlyList<long>? After { get; init; }

    public int? MaxTokensPerTurn { get; init; }

    public float? Temperature { get; init; }

    /// <summary>The seed that its turns derive theirs from; 0 for a random one.</summary>
    public ulong? Seed { get; init; }

    /// <exception cref="LlmosException">A value is none of its kind.</exception>
    public ProcessSpec ToSpec(ProcessSpec? template)
    {
        var spec = template ?? new ProcessSpec { Name = Name ?? "" };
        return spec with
        {
            Name = Name ?? spec.Name,
            Role = Role ?? spec.Role,
            Kind = Kind is null ? spec.Kind : KindOf(Kind),
            Priority = Priority is null ? spec.Priority : ProcessPriority.Parse(Priority),
            Budget = Budget ?? spec.Budget,
            Model = Model ?? spec.Model,
            Program = Program ?? spec.Program,
            ParentPid = Parent ?? spec.ParentPid,
            Permissions = Permissions is null ? spec.Permissions : Permissions.Aggregate(Kernel.Security.Permissions.None, (all, one) => all | PermissionNames.Parse(one)),
            Region = Region ?? spec.Region,
            InheritContext = InheritContext ?? spec.InheritContext,
            Account = Account ?? spec.Account,
            After = After is null ? spec.After : [.. After],
            MaxTokensPerTurn = MaxTokensPerTurn ?? spec.MaxTokensPerTurn,
            Temperature = Temperature ?? spec.Temperature,
            Seed = Seed ?? spec.Seed,
        };
    }

    private static ProcessKind KindOf(string text) =>
        Enum.TryParse<ProcessKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsDigit(text[0]) ? kind
        : throw LlmosException.InvalidArgument($"'kind' is '{(text.Length <= 40 ? text : text[..40] + "…")}': use user, system, specialist or meta.");
}
