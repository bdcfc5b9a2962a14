using System.Globalization;
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

    /// <summary>Whether it ends when the budget is used up, instead of waiting for the next slice.</summary>
    public bool? HardCap { get; init; }

    /// <summary>Tokens of each slice of its account that are set aside for it.</summary>
    public long? ReservedTokens { get; init; }

    /// <summary>Device slots that it asks for.</summary>
    public double? GpuUnits { get; init; }

    /// <summary>Messages that may wait in its mailbox; 0 for as many as the silo allows.</summary>
    public int? MaxMessages { get; init; }

    /// <summary>fail, ignore or wait: what follows when one of those in <see cref="After"/> fails.</summary>
    public string? AfterPolicy { get; init; }

    /// <summary>never, on-failure or always: when it begins anew instead of ending.</summary>
    public string? Restart { get; init; }

    public int? MaxRestarts { get; init; }

    /// <summary>turn or token: what of a turn survives a crash.</summary>
    public string? Durability { get; init; }

    public long? MaxTurns { get; init; }

    /// <summary>Tokens that it may spend in its whole life.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Seconds after which it ends.</summary>
    public double? MaxSeconds { get; init; }

    public SandboxBody? Sandbox { get; init; }

    /// <exception cref="LlmosException">A value is none of its kind.</exception>
    public ProcessSpec ToSpec(ProcessSpec? template)
    {
        var spec = template ?? new ProcessSpec { Name = Name ?? "" };
        return spec with
        {
            Name = Name ?? spec.Name,
            Role = Role ?? spec.Role,
            Kind = Named<ProcessKind>(Kind, "kind", "user, system, specialist or meta") ?? spec.Kind,
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
            HardCap = HardCap ?? spec.HardCap,
            ReservedTokens = ReservedTokens ?? spec.ReservedTokens,
            GpuUnits = GpuUnits ?? spec.GpuUnits,
            MaxMessages = MaxMessages ?? spec.MaxMessages,
            AfterPolicy = Named<DependencyPolicy>(AfterPolicy, "afterPolicy", "fail, ignore or wait") ?? spec.AfterPolicy,
            Restart = Named<RestartPolicy>(Restart, "restart", "never, on-failure or always") ?? spec.Restart,
            MaxRestarts = MaxRestarts ?? spec.MaxRestarts,
            Durability = Named<ProcessDurability>(Durability, "durability", "turn or token") ?? spec.Durability,
            MaxTurns = MaxTurns ?? spec.MaxTurns,
            MaxTokens = MaxTokens ?? spec.MaxTokens,
            MaxLifetime = Seconds(MaxSeconds, "maxSeconds") ?? spec.MaxLifetime,
            Sandbox = Sandbox?.ToProfile() ?? spec.Sandbox,
        };
    }

    /// <exception cref="LlmosException">It is none that a life or a turn can take.</exception>
    public static TimeSpan? Seconds(double? value, string field) => value switch
    {
        null => null,
        > 0 and <= 1e9 => TimeSpan.FromSeconds(value.Value),
        _ => throw LlmosException.InvalidArgument(string.Create(CultureInfo.InvariantCulture, $"'{field}' is {value}: use seconds, more than 0 and at most 1e9.")),
    };

    private static T? Named<T>(string? text, string field, string names)
        where T : struct, Enum =>
        text is null ? null
        : Enum.TryParse<T>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0]) ? value
        : throw LlmosException.InvalidArgument($"'{field}' is '{(text.Length <= 40 ? text : text[..40] + "…")}': use {names}.");
}
