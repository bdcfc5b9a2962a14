namespace LLMOS.Kernel.Security;

/// <summary>Permissions as people write them: <c>READ_CONTEXT</c>.</summary>
public static class PermissionNames
{
    private static readonly (Permissions Permission, string Name)[] Names =
    [
        (Permissions.ReadContext, "READ_CONTEXT"),
        (Permissions.WriteContext, "WRITE_CONTEXT"),
        (Permissions.ExecuteTool, "EXECUTE_TOOL"),
        (Permissions.SpawnAgent, "SPAWN_AGENT"),
        (Permissions.Broadcast, "BROADCAST"),
        (Permissions.Sudo, "SUDO"),
    ];

    /// <summary>The names of permissions, with commas; <c>none</c> for none.</summary>
    public static string Of(Permissions permissions) => permissions == Permissions.None
        ? "none"
        : string.Join(", ", Names.Where(name => permissions.HasFlag(name.Permission)).Select(name => name.Name));

    /// <summary>Reads a name, in any casing; <c>ALL</c> stands for all of them.</summary>
    /// <exception cref="LlmosException">It is none.</exception>
    public static Permissions Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Equals("ALL", StringComparison.OrdinalIgnoreCase))
        {
            return Permissions.All;
        }

        foreach (var (permission, known) in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return permission;
            }
        }

        throw LlmosException.InvalidArgument($"'{name}' is no permission: use {string.Join(", ", Names.Select(known => known.Name))} or ALL.");
    }
}
