using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Security;

/// <summary>
/// Who makes a call: a principal (a person or a program outside), or a process. What a client says of itself is a claim
/// that the silo cuts down to what the door it came through allows; see <c>docs/security.md</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmos.caller")]
public sealed record Caller
{
    /// <summary>The principal of what the kernel does by itself.</summary>
    public const string KernelPrincipal = "kernel";

    /// <summary>The kernel itself, where a caller has to be named.</summary>
    public static Caller Kernel { get; } = Of(KernelPrincipal, CallerRole.System);

    /// <summary>The person or program that answers for the call; a process's is that of whoever spawned its first ancestor.</summary>
    [Id(0)] public required string Principal { get; init; }

    [Id(1)] public CallerRole Role { get; init; }

    /// <summary>The process that calls; null for a principal that calls for itself.</summary>
    [Id(2)] public long? Pid { get; init; }

    [Id(3)] public Permissions Permissions { get; init; }

    [Id(4)] public Privileges Privileges { get; init; }

    /// <summary>The agent group (run) of the process that calls; empty for none.</summary>
    [Id(5)] public string Group { get; init; } = "";

    /// <summary>The path of the context region of the process that calls; empty for none.</summary>
    [Id(6)] public string Region { get; init; } = "";

    /// <summary>What the process that calls is confined to; null for nothing.</summary>
    [Id(7)] public SandboxProfile? Sandbox { get; init; }

    /// <summary>The priority at which a principal that does not manage processes may begin one; a process's is its own.</summary>
    [Id(8)] public ProcessPriority MostUrgent { get; init; } = ProcessPriority.Default;

    /// <summary>The principal that a key stands for.</summary>
    public static Caller Of(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Of(key.Principal, key.Role) with { MostUrgent = key.Priority };
    }

    /// <summary>A principal in a role.</summary>
    public static Caller Of(string principal, CallerRole role) => new()
    {
        Principal = principal,
        Role = role,
        Permissions = CallerRoles.PermissionsOf(role),
        Privileges = CallerRoles.PrivilegesOf(role),
    };

    /// <summary>A process, with what it has.</summary>
    public static Caller Of(ProcessControlBlock process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var sudo = process.Permissions.HasFlag(Permissions.Sudo);
        return new Caller
        {
            Principal = process.Owner,
            Role = sudo ? CallerRole.Admin : CallerRole.User,
            Pid = process.Pid,
            Permissions = process.Permissions,
            Privileges = sudo ? Privileges.All : Privileges.None,
            Group = process.Group,
            Region = process.Context.Region,
            Sandbox = process.Sandbox,
        };
    }

    /// <summary>This caller in the place of a process: it has what both have, and the process's confinement.</summary>
    public Caller As(ProcessControlBlock process)
    {
        var other = Of(process);
        return other with
        {
            Principal = Principal,
            Role = Role < other.Role ? Role : other.Role,
            Permissions = Permissions & other.Permissions,
            Privileges = Privileges & other.Privileges,
        };
    }

    /// <summary>Whether all of some privileges are there.</summary>
    public bool Has(Privileges privileges) => (Privileges & privileges) == privileges;

    /// <summary>Whether a process is this caller, descends from it, or is one that its principal spawned.</summary>
    public bool Owns(ProcessControlBlock process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Pid is { } pid
            ? process.Pid == pid || process.Lineage.Contains(pid)
            : process.Owner == Principal || (process.Pid == WellKnownPids.Console && Role >= CallerRole.User);
    }

    /// <inheritdoc/>
    public override string ToString() => Pid is { } pid ? $"process {pid}" : Principal;
}
