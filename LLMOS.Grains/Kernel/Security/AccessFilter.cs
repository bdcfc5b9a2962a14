using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Telemetry;
using Orleans.Serialization.Invocation;

namespace LLMOS.Kernel.Security;

/// <summary>
/// The one filter of who may do what: every call of a grain of this silo passes it, the beginning of a stream of items
/// too. What comes through a door and what is refused is in the audit log.
/// </summary>
internal sealed class AccessFilter(
    CallerOrigin origin, AuditScribe audit, RevocationBoard revocations, IGrainFactory grains, TimeProvider time) : IIncomingGrainCallFilter
{
    private static readonly string OwnNamespace = typeof(LlmosException).Namespace + ".";

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (origin.Identify(context.SourceId, out var isDoor) is not { } caller)
        {
            await context.Invoke();
            return;
        }

        // From here on the callee is the kernel, which acts on the caller's behalf.
        CallerContext.Claim = null;
        CallerContext.Behalf = caller;
        var request = Unwrap(context.Request);
        var method = request.GetMethod();
        if (!IsOwn(method))
        {
            CheckForeign(method, caller, isDoor);
            await context.Invoke();
            return;
        }

        var rule = AccessRules.Of(method);
        try
        {
            await CheckAsync(context, request, rule, caller);
        }
        catch (LlmosException refusal) when (refusal.Code == LlmosErrorCode.PermissionDenied)
        {
            if (isDoor && rule.Syscall is { } refused)
            {
                KernelMetrics.Syscall(refused, refusal, Stopwatch.GetTimestamp());
            }

            await audit.RefusedAsync(AuditOfCall.Describe(context.TargetId, request, rule, caller, time.GetUtcNow()), refusal);
            throw;
        }

        if (isDoor && rule.Syscall is { } syscall)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                await audit.RunAsync(
                    AuditOfCall.Describe(context.TargetId, request, rule, caller, time.GetUtcNow()),
                    rule.RecordFirst,
                    async () =>
                    {
                        await context.Invoke();
                        return AuditOfCall.MadeBy(rule, context.Result);
                    });
                KernelMetrics.Syscall(syscall, error: null, began);
            }
            catch (Exception error)
            {
                KernelMetrics.Syscall(syscall, error, began);
                throw;
            }
        }
        else
        {
            await context.Invoke();
        }
    }

    /// <summary>What a stream of items is begun with is the request for it.</summary>
    private static IInvokable Unwrap(IInvokable request) =>
        request.GetInterfaceType() == typeof(IAsyncEnumerableGrainExtension) && request.GetArgumentCount() > 1 && request.GetArgument(1) is IInvokable inner
            ? inner
            : request;

    private static bool IsOwn(MethodInfo method) =>
        method.DeclaringType?.FullName?.StartsWith(OwnNamespace, StringComparison.Ordinal) == true;

    /// <summary>Interfaces of Orleans: clients that do not administer may learn what grains there are, go on with their streams and cancel their calls, no more.</summary>
    private static void CheckForeign(MethodInfo method, Caller caller, bool isDoor)
    {
        if (isDoor && !caller.Has(Privileges.Administer)
            && method.DeclaringType is { Name: not nameof(IAsyncEnumerableGrainExtension) and not "ICancellationSourcesExtension" and not "IClusterManifestSystemTarget" } type)
        {
            throw LlmosException.Denied($"{caller} may not call {type.Name}: that is for administrators.");
        }
    }

    private async Task CheckAsync(IIncomingGrainCallContext context, IInvokable request, RequiresAttribute rule, Caller caller)
    {
        var held = caller.Permissions;
        if (caller.Pid is { } pid && revocations.Of(pid) is var lost and not Permissions.None)
        {
            held &= ~lost;
            caller = lost.HasFlag(Permissions.Sudo) ? caller with { Privileges = Privileges.None } : caller;
        }

        AccessRules.Check(rule.What, caller, held, rule.Permissions, rule.Privileges);
        if (caller.Has(Privileges.ManageProcesses))
        {
            // An operator reaches the processes of all, and gives no more than it has.
            foreach (var wanted in caller.Has(Privileges.Administer) ? [] : SpecsOf(request))
            {
                await CheckSpawnAsync(caller, held, wanted);
            }

            return;
        }

        switch (rule.Scope)
        {
            case AccessScope.Target when context.Grain is IGuardedGrain guarded
                && guarded.WhyNot(caller, rule.Permissions.HasFlag(Permissions.WriteContext)) is { } reason:
                throw LlmosException.Denied($"{caller} may not {rule.What}: {reason}.");

            case AccessScope.Owner when context.Grain is IGuardedGrain owned && owned.WhyNotAsOwner(caller) is { } reason:
                throw LlmosException.Denied($"{caller} may not {rule.What}: {reason}.");

            case AccessScope.Argument:
                await CheckArgumentAsync(request, rule, caller, held);
                break;

            default:
                break;
        }
    }

    private async Task CheckArgumentAsync(IInvokable request, RequiresAttribute rule, Caller caller, Permissions held)
    {
        if (ArgumentOf<ProcessSpec>(request) is { } spec)
        {
            await CheckSpawnAsync(caller, held, spec);
            return;
        }

        var concerned = ArgumentOf<IConcernsProcess>(request) is { } argument
            ? argument.ConcernedPid
            : request.GetArgumentCount() > 0 && request.GetArgument(0) is long named ? named : null;
        if (concerned is null)
        {
            throw LlmosException.Denied(
                $"{caller} may not {rule.What} for all processes: that is for operators; name one of its own.");
        }

        if (concerned != caller.Pid && !caller.Owns(await ProcessAsync(concerned.Value)))
        {
            throw LlmosException.Denied(
                $"{caller} may not {rule.What} for process {concerned}: it is another's.");
        }
    }

    private async Task CheckSpawnAsync(Caller caller, Permissions held, ProcessSpec spec)
    {
        var parentIsOwn = spec.ParentPid == caller.Pid
            || (spec.ParentPid == WellKnownPids.Init ? caller.Pid is null : caller.Owns(await ProcessAsync(spec.ParentPid)));
        if (!parentIsOwn && !caller.Has(Privileges.ManageProcesses))
        {
            throw LlmosException.Denied($"{caller} may not spawn a child of process {spec.ParentPid}: it is another's; spawn one of its own.");
        }

        var excess = spec.Permissions & ~held;
        if (excess != Permissions.None)
        {
            throw LlmosException.Denied(
                $"{caller} may not spawn '{spec.Name}' with {PermissionNames.Of(excess)}: nobody gives what they do not have; ask for less.");
        }

        if (spec.Kind == ProcessKind.System)
        {
            throw LlmosException.Denied($"{caller} may not spawn '{spec.Name}' as a part of the system: that is for administrators; use another kind.");
        }

        if (spec.Group.Length > 0 && spec.Group != caller.Group && !caller.Has(Privileges.ManageProcesses))
        {
            throw LlmosException.Denied($"{caller} may not spawn '{spec.Name}' into the run '{spec.Group}': that is for the run itself; leave the group out.");
        }

        if (caller.Pid is { } urgent && !caller.Has(Privileges.ManageProcesses) && await ProcessAsync(urgent) is var self && spec.Priority < self.Priority)
        {
            throw LlmosException.Denied($"{caller} may not spawn '{spec.Name}' at priority {spec.Priority.Value}: it has {self.Priority.Value} itself, and a child is no more urgent.");
        }

        if (caller.Pid is null && !caller.Has(Privileges.ManageProcesses) && spec.Priority < caller.MostUrgent)
        {
            throw LlmosException.Denied($"{caller} may not spawn '{spec.Name}' at priority {spec.Priority.Value}: it may ask for {caller.MostUrgent.Value} and less urgent; only an operator, or a key that is made with more, may ask for more.");
        }

        if (spec.Account.Length > 0 && AccountKey.UserOf(spec.Account) != caller.Principal && !caller.Has(Privileges.ManageProcesses))
        {
            throw LlmosException.Denied($"{caller} may not spend from the account '{spec.Account}': it is another's; leave the account out, or name one of its own.");
        }

        if (spec.Region.Length > 0 && spec.Region != caller.Region && !caller.Has(Privileges.ManageProcesses))
        {
            // The region's own filter says whether the caller has a part in it.
            CallerContext.Claim = caller;
            try
            {
                var region = grains.GetGrain<Memory.IContextRegionGrain>(spec.Region);
                _ = await region.GetInfoAsync();
                await (spec.Permissions.HasFlag(Permissions.WriteContext) ? region.EnsureWritableAsync() : Task.CompletedTask);
            }
            finally
            {
                CallerContext.Claim = null;
            }
        }
    }

    private Task<ProcessControlBlock> ProcessAsync(long pid) => grains.GetGrain<IProcessGrain>(pid).GetAsync();

    private static IEnumerable<ProcessSpec> SpecsOf(IInvokable request)
    {
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            switch (request.GetArgument(i))
            {
                case ProcessSpec spec:
                    yield return spec;
                    break;
                case ImmutableArray<SpawnRequest> several:
                    foreach (var one in several)
                    {
                        yield return one.Spec;
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static T? ArgumentOf<T>(IInvokable request)
        where T : class
    {
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is T argument)
            {
                return argument;
            }
        }

        return null;
    }
}
