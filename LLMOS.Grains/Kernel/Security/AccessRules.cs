using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace LLMOS.Kernel.Security;

/// <summary>The rules of who may call what, as far as they follow from the caller and the rule alone.</summary>
internal static class AccessRules
{
    private static readonly ConcurrentDictionary<MethodInfo, RequiresAttribute> Known = new();
    private static readonly RequiresAttribute Unsaid = new() { Privileges = Privileges.Administer };

    /// <summary>The rule of a method; one that says none is for administrators.</summary>
    public static RequiresAttribute Of(MethodInfo method) =>
        Known.GetOrAdd(method, static asked => asked.GetCustomAttribute<RequiresAttribute>() ?? Unsaid);

    /// <summary>Refuses a caller that lacks a permission or a privilege.</summary>
    /// <exception cref="LlmosException">It does.</exception>
    public static void Check(string what, Caller caller, Permissions held, Permissions permissions, Privileges privileges)
    {
        var lacking = permissions & ~held;
        if (lacking != Permissions.None)
        {
            throw LlmosException.Denied(string.Create(
                CultureInfo.InvariantCulture,
                $"{caller} may not {what}: it has no {PermissionNames.Of(lacking)}. {(caller.Pid is null ? $"The role {RoleOf(caller)} does not have it" : "Its parent has to have it when it is spawned, and nobody may have revoked it")}."));
        }

        if (!caller.Has(privileges))
        {
            throw LlmosException.Denied(string.Create(
                CultureInfo.InvariantCulture,
                $"{caller} may not {what}: that is for {(privileges.HasFlag(Privileges.Administer) || privileges.HasFlag(Privileges.Audit) ? "administrators" : "operators")}, and {(caller.Pid is null ? $"its role is {RoleOf(caller)}" : "it has no SUDO")}."));
        }
    }

    private static string RoleOf(Caller caller) => caller.Role.ToString().ToLowerInvariant();
}
