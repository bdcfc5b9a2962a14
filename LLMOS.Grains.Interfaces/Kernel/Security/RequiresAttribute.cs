namespace LLMOS.Kernel.Security;

/// <summary>
/// What the caller of a grain method has to have; the silo's filter checks it, in streams of items too. The kernel's own
/// calls are not checked. A method without it is for those who have <see cref="Privileges.Administer"/>.
/// </summary>
/// <param name="permissions">All of these.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresAttribute(Permissions permissions = Permissions.None) : Attribute
{
    public Permissions Permissions { get; } = permissions;

    /// <summary>Whose things the call touches. Those with <see cref="Privileges.ManageProcesses"/> reach those of all.</summary>
    public AccessScope Scope { get; init; }

    /// <summary>All of these too.</summary>
    public Privileges Privileges { get; init; }

    /// <summary>Under which name the audit log has the call when it comes through a door; null for one that it does not have.</summary>
    public string? Syscall { get; init; }

    /// <summary>What the call does, as an error says it (<c>may not …</c>), where it is no syscall; null for one that only the kernel makes.</summary>
    public string? Verb { get; init; }

    /// <summary>What errors and the audit log call it; never the name of a method.</summary>
    public string What => Syscall ?? Verb ?? "call what is the kernel's own";

    /// <summary>Whether the call has an effect that nothing else records, so that it is in the audit log before it is carried out.</summary>
    public bool RecordFirst { get; init; }
}
