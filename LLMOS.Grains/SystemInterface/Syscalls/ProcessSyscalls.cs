using System.Globalization;
using LLMOS.Agents;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>spawn, kill, suspend, resume, wait, ps and top.</summary>
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
        new("ps", Permissions.None, false, null, ListAsync),
        new("top", Permissions.None, false, null, ListAsync),
    ];

    private static async Task<SyscallResult> SpawnAsync(SyscallContext context)
    {
        var arguments = context.Arguments;
        if (arguments.Has("after"))
        {
            throw SyscallErrors.NotAvailable("spawn", "after", "Processes that wait for others are not in this system yet: spawn it when they have ended (wait says when).");
        }

        var inherits = arguments.Flag("inheritContext");
        if (inherits && context.Caller.Pid is null)
        {
            throw SyscallErrors.Wrong("spawn", "inheritContext", $"{context.Caller} has no context to give on: only a process has; call in the place of one.");
        }

        var role = arguments.Text("role") ?? "";
        var name = arguments.Text("name")?.Trim() ?? (role.Length > 0 ? ProjectSlug.Of(role) : "process");
        var spec = new ProcessSpec
        {
            Name = name,
            Role = role,
            Model = arguments.Text("model") ?? "",
            ParentPid = context.Caller.Pid ?? WellKnownPids.Init,
            Permissions = Permissions.Agent & context.Caller.Permissions,
        };
        spec = spec with
        {
            Kind = arguments.Text("kind") is { } kind ? Enum.Parse<ProcessKind>(kind, ignoreCase: true) : spec.Kind,
            Priority = arguments.Priority("priority") ?? spec.Priority,
            Budget = arguments.Whole("budget", 1, int.MaxValue) ?? spec.Budget,
        };
        var process = await context.Table.SpawnAsync(spec);
        if (inherits)
        {
            await InheritContextAsync(context, process);
        }

        return new ProcessResult(process);
    }

    /// <summary>The child begins with a copy of what its parent has in its region.</summary>
    private static async Task InheritContextAsync(SyscallContext context, ProcessControlBlock child)
    {
        var (parent, _) = await context.RegionAsync(context.Caller.Region);
        var entries = await parent.ReadAsync();

        // Written as the child, whose region it is.
        var calling = CallerContext.Claim;
        CallerContext.Claim = Caller.Of(child);
        try
        {
            var region = context.Grains.GetGrain<IContextRegionGrain>(child.Context.Region);
            await region.TryCreateAsync(string.Create(CultureInfo.InvariantCulture, $"process/{child.Pid}"));
            foreach (var entry in entries)
            {
                await region.AppendAsync(entry with { Id = MessageIds.Derive(entry.Id, child.Pid, 0) });
            }
        }
        finally
        {
            CallerContext.Claim = calling;
        }
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

    private static async Task<SyscallResult> WaitAsync(SyscallContext context)
    {
        var pid = context.Arguments.Pid("pid")!.Value;
        return pid == context.Caller.Pid
            ? throw LlmosException.Refused($"Process {pid} cannot wait for its own end: name another process.")
            : new ProcessResult(await context.Process(pid).WaitForEndAsync(LongestWait, CancellationToken.None));
    }

    private static async Task<SyscallResult> ListAsync(SyscallContext context) =>
        new ProcessListResult(await context.Table.ListAsync(new ProcessFilter { LiveOnly = true }));
}
