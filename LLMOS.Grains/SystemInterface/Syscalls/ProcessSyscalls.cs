using LLMOS.Agents;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Templates;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>spawn, kill, suspend, resume, wait, swapModel, ps and top.</summary>
internal sealed class ProcessSyscalls : ISyscallSet
{
    /// <summary>How long one wait call takes at most; whoever waits longer calls again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("spawn", Permissions.SpawnAgent, true, null, SpawnAsync),
        new("kill", Permissions.None, true, "pid", KillAsync),
        new("suspend", Permissions.None, true, "pid", context => SignalAsync(context, process => process.SuspendAsync($"suspended by {context.Caller}"))),
        new("resume", Permissions.None, true, "pid", context => SignalAsync(context, process => process.ResumeAsync())),
        new("wait", Permissions.None, false, "pid", WaitAsync),
        new("swapModel", Permissions.None, true, "pid", context => SignalAsync(context, process => SwapModelAsync(process, context.Arguments.Text("model")!))),
        new("ps", Permissions.None, false, null, ListAsync),
        new("top", Permissions.None, false, null, ListAsync),
    ];

    private static async Task<SyscallResult> SpawnAsync(SyscallContext context)
    {
        var arguments = context.Arguments;
        var after = arguments.Pids("after");
        if (after.FirstOrDefault(pid => pid < WellKnownPids.FirstFree) is > 0 and var system)
        {
            throw SyscallErrors.Wrong("spawn", "after", $"Process {system} is a part of the system and never ends: wait for another one.");
        }

        var inherits = arguments.Flag("inheritContext");
        if (inherits && context.Caller.Pid is null)
        {
            throw SyscallErrors.Wrong("spawn", "inheritContext", $"{context.Caller} has no context to give on: only a process has; call in the place of one.");
        }

        var role = arguments.Text("role") ?? "";
        var name = arguments.Text("name")?.Trim() ?? (role.Length > 0 ? ProjectSlug.Of(role) : "process");
        var spec = await TemplateAsync(context, role) ?? new ProcessSpec { Name = name, Role = role };
        spec = spec with
        {
            Name = name,
            Model = arguments.Text("model") ?? spec.Model,
            ParentPid = context.Caller.Pid ?? WellKnownPids.Init,
            Permissions = spec.Permissions & context.Caller.Permissions,
            After = after,
            InheritContext = inherits,
            Kind = arguments.Text("kind") is { } kind ? Enum.Parse<ProcessKind>(kind, ignoreCase: true) : spec.Kind,
            Priority = arguments.Priority("priority") ?? await AtMostItsOwnAsync(context, spec.Priority),
            Budget = arguments.Whole("budget", 1, int.MaxValue) ?? spec.Budget,
        };
        return new ProcessResult(await context.Table.SpawnAsync(spec));
    }

    /// <summary>A child of which nobody said how urgent it is is no more urgent than its parent.</summary>
    private static async Task<ProcessPriority> AtMostItsOwnAsync(SyscallContext context, ProcessPriority wanted) =>
        context.Caller.Pid is { } pid && (await context.Process(pid).GetAsync()).Priority is var own && wanted < own ? own : wanted;

    /// <summary>The template that a role names, such as "researcher" or "a researcher"; null for a role in words of its own.</summary>
    private static async Task<ProcessSpec?> TemplateAsync(SyscallContext context, string role)
    {
        var words = role.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var named = words is ["a" or "an" or "the" or "A" or "An" or "The", var noun] ? noun : words is [var only] ? only : null;
        if (named is null || !context.Caller.Permissions.HasFlag(Permissions.ReadContext))
        {
            return null;
        }

        var templates = context.Grains.GetGrain<IProcessTemplateGrain>(0);
        return (await templates.ListAsync()).Contains(named, StringComparer.OrdinalIgnoreCase) ? await templates.GetAsync(named) : null;
    }

    private static Task<SyscallResult> KillAsync(SyscallContext context)
    {
        if (context.Arguments.Pid("pid") == context.Caller.Pid)
        {
            throw LlmosException.Refused($"Process {context.Caller.Pid} cannot kill itself: it ends by itself when its work is done, or its parent ends it.");
        }

        return SignalAsync(context, process => process.KillAsync(ExitReason.Killed($"killed by {context.Caller}")));
    }

    private static async Task<SyscallResult> SignalAsync(SyscallContext context, Func<IProcessGrain, Task> signal)
    {
        var process = context.Process(context.Arguments.Pid("pid")!.Value);
        await signal(process);
        return new ProcessResult(await process.GetAsync());
    }

    private static async Task SwapModelAsync(IProcessGrain process, string model)
    {
        try
        {
            await process.SwapModelAsync(model);
        }
        catch (LlmosException wrong) when (wrong.Code is LlmosErrorCode.NotFound or LlmosErrorCode.InvalidArgument)
        {
            // The process was found by its PID: what there is not is the model.
            throw SyscallErrors.Named(wrong, "swapModel", "model");
        }
    }

    private static async Task<SyscallResult> WaitAsync(SyscallContext context)
    {
        var pid = context.Arguments.Pid("pid")!.Value;
        if (context.Caller.Pid is not { } waiter)
        {
            return new ProcessResult(await context.Process(pid).WaitForEndAsync(LongestWait, CancellationToken.None));
        }

        // Somebody else who calls in its place does not keep it from going on.
        var inTurn = CallerContext.Behalf?.Pid == waiter;
        return pid == waiter
            ? throw LlmosException.Refused($"Process {pid} cannot wait for its own end: name another process.")
            : new ProcessResult(await context.Process(waiter).WaitForAsync(pid, inTurn, LongestWait, CancellationToken.None));
    }

    private static async Task<SyscallResult> ListAsync(SyscallContext context) =>
        new ProcessListResult(await context.Table.ListAsync(new ProcessFilter { LiveOnly = true }));
}
