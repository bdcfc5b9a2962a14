using System.Reflection;
using CsCheck;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Kernel.Security;

public sealed class AccessRulesTests
{
    private static readonly Gen<Permissions> AnyPermissions = Gen.Int[0, (int)Permissions.All].Select(bits => (Permissions)bits);

    private static readonly Gen<CallerRole> AnyRole = Gen.Int[0, (int)CallerRole.System].Select(role => (CallerRole)role);

    public static TheoryData<CallerRole, Permissions, Privileges> Roles => new()
    {
        { CallerRole.Guest, Permissions.None, Privileges.None },
        { CallerRole.User, Permissions.ReadContext | Permissions.WriteContext | Permissions.ExecuteTool | Permissions.SpawnAgent, Privileges.None },
        { CallerRole.Operator, Permissions.All & ~Permissions.Sudo, Privileges.ManageProcesses },
        { CallerRole.Admin, Permissions.All, Privileges.All },
        { CallerRole.System, Permissions.All, Privileges.All },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public void A_role_is_a_set_of_permissions_and_privileges(CallerRole role, Permissions permissions, Privileges privileges)
    {
        Assert.Equal(permissions, CallerRoles.PermissionsOf(role));
        Assert.Equal(privileges, CallerRoles.PrivilegesOf(role));
    }

    [Fact]
    public void A_higher_role_has_all_that_a_lower_one_has() => AnyRole.Select(AnyRole).Sample((one, other) =>
    {
        var (low, high) = one <= other ? (one, other) : (other, one);
        return (CallerRoles.PermissionsOf(low) & ~CallerRoles.PermissionsOf(high)) == Permissions.None
            && (CallerRoles.PrivilegesOf(low) & ~CallerRoles.PrivilegesOf(high)) == Privileges.None;
    });

    [Fact]
    public void A_claim_gives_nothing_that_the_door_does_not() => AnyRole.Select(AnyRole, AnyPermissions).Sample((claimed, door, permissions) =>
    {
        var claim = Caller.Of("alice", claimed) with { Permissions = permissions, Privileges = Privileges.All, Pid = 1, Group = "run" };
        var ceiling = Caller.Of("door", door);
        var let = CallerOrigin.Limit(claim, ceiling);
        return (let.Permissions & ~ceiling.Permissions) == Permissions.None
            && (let.Privileges & ~ceiling.Privileges) == Privileges.None
            && let.Role <= door && let.Pid is null && let.Group.Length == 0
            && (let.Principal == "door" || ceiling.Has(Privileges.Administer));
    });

    [Fact]
    public void In_the_place_of_a_process_a_caller_has_what_both_have() => AnyRole.Select(AnyPermissions).Sample((role, permissions) =>
    {
        var caller = Caller.Of("alice", role);
        var process = new ProcessControlBlock { Pid = 42, Name = "p", Program = ProcessPrograms.Agent, Permissions = permissions };
        var both = caller.As(process);
        return both.Permissions == (caller.Permissions & permissions) && both.Pid == 42 && both.Principal == "alice"
            && (both.Privileges & ~caller.Privileges) == Privileges.None
            && (permissions.HasFlag(Permissions.Sudo) || both.Privileges == Privileges.None);
    });

    [Fact]
    public void A_check_refuses_exactly_those_who_lack_something_and_says_what() => AnyPermissions.Select(AnyPermissions).Sample((held, needed) =>
    {
        var caller = Caller.Of("alice", CallerRole.User) with { Pid = 42 };
        var lacking = needed & ~held;
        try
        {
            AccessRules.Check("do it", caller, held, needed, Privileges.None);
            return lacking == Permissions.None;
        }
        catch (LlmosException refusal)
        {
            return lacking != Permissions.None && refusal.Code == LlmosErrorCode.PermissionDenied
                && refusal.Message.Contains(PermissionNames.Of(lacking), StringComparison.Ordinal)
                && refusal.Message.StartsWith("process 42 may not do it", StringComparison.Ordinal);
        }
    });

    [Fact]
    public void Every_method_of_every_grain_says_what_its_caller_needs()
    {
        var unsaid = typeof(IProcessGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods())
            .Where(method => !method.IsStatic && method.GetCustomAttribute<RequiresAttribute>() is null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        Assert.Empty(unsaid);
    }

    [Fact]
    public void What_others_than_the_kernel_may_be_refused_has_a_syscall_or_a_verb()
    {
        var unnamed = typeof(IProcessGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<RequiresAttribute>() is { Syscall: null, Verb: null } rule
                && !rule.Privileges.HasFlag(Privileges.Administer)
                && (rule.Permissions != Permissions.None || rule.Privileges != Privileges.None || rule.Scope != default))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        Assert.Empty(unnamed);
    }

    [Fact]
    public void What_touches_context_needs_the_permission_for_it()
    {
        (Type Grain, string[] Reads, string[] Writes)[] all =
        [
            (typeof(LLMOS.Kernel.Memory.IContextRegionGrain), ["TailAsync", "ReadAsync", "GetInfoAsync"], ["TryCreateAsync", "AppendAsync", "AllocateAsync", "ShareAsync", "FreeAsync"]),
            (typeof(LLMOS.Kernel.Memory.IMemoryPageGrain), ["ReadAsync", "GetVectorAsync", "GetInfoAsync"], ["WriteAsync", "RetainAsync", "ReleaseAsync"]),
            (typeof(IMessageLogGrain), ["QueryAsync"], []),
            (typeof(IProcessGrain), ["PeekAsync", "ConsumeAsync", "WatchAsync"], ["SendAsync"]),
            (typeof(LLMOS.Cognition.Inference.IInferenceGrain), ["GenerateAsync", "EstimateAsync"], []),
        ];
        foreach (var (grain, reads, writes) in all)
        {
            Assert.All(reads, name => Assert.True(AccessRules.Of(grain.GetMethod(name)!).Permissions.HasFlag(Permissions.ReadContext), name));
            Assert.All(writes, name => Assert.True(AccessRules.Of(grain.GetMethod(name)!).Permissions.HasFlag(Permissions.WriteContext), name));
        }
    }
}
