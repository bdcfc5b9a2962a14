namespace LLMOS.Kernel.Security;

/// <summary>What each role may do: a set of permissions, and what is administrative.</summary>
public static class CallerRoles
{
    /// <summary>The permissions of a role.</summary>
    public static Permissions PermissionsOf(CallerRole role) => role switch
    {
        CallerRole.Guest => Permissions.None,
        CallerRole.User => Permissions.ReadContext | Permissions.WriteContext | Permissions.ExecuteTool | Permissions.SpawnAgent,
        CallerRole.Operator => PermissionsOf(CallerRole.User) | Permissions.Broadcast,
        _ => Permissions.All,
    };

    /// <summary>What a role may do beside its permissions.</summary>
    public static Privileges PrivilegesOf(CallerRole role) => role switch
    {
        CallerRole.Guest or CallerRole.User => Privileges.None,
        CallerRole.Operator => Privileges.ManageProcesses,
        _ => Privileges.All,
    };

    /// <summary>Reads the name of a role, in any casing.</summary>
    /// <exception cref="LlmosException">It is none that can be given.</exception>
    public static CallerRole Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant() switch
        {
            "GUEST" => CallerRole.Guest,
            "USER" => CallerRole.User,
            "OPERATOR" => CallerRole.Operator,
            "ADMIN" => CallerRole.Admin,
            _ => throw LlmosException.InvalidArgument($"'{name}' is no role that can be given: use guest, user, operator or admin."),
        };
    }
}
