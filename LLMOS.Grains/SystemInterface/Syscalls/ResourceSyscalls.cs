using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>setpriority, nice, getrlimit and setrlimit.</summary>
internal sealed class ResourceSyscalls : ISyscallSet
{
    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("setpriority", Permissions.None, true, "pid", SetPriorityAsync),
        new("nice", Permissions.None, true, "pid", NiceAsync),
        new("getrlimit", Permissions.None, false, "pid", async context => Limits(await context.Process(Subject(context)).GetAsync())),
        new("setrlimit", Permissions.None, true, "pid", SetLimitAsync),
    ];

    private static long Subject(SyscallContext context) => context.Arguments.Pid("pid") ?? context.Self;

    private static async Task<SyscallResult> NiceAsync(SyscallContext context)
    {
        var delta = context.Arguments.Whole("delta", -ProcessPriority.Lowest, ProcessPriority.Lowest)!.Value;
        var process = context.Process(context.Arguments.Pid("pid")!.Value);
        await process.NiceAsync((int)delta);
        return new ProcessResult(await process.GetAsync());
    }

    private static async Task<SyscallResult> SetPriorityAsync(SyscallContext context)
    {
        var process = context.Process(context.Arguments.Pid("pid")!.Value);
        await process.SetPriorityAsync(context.Arguments.Priority("priority")!.Value);
        return new ProcessResult(await process.GetAsync());
    }

    private static async Task<SyscallResult> SetLimitAsync(SyscallContext context)
    {
        var limit = context.Arguments.Text("limit")!;
        var value = context.Arguments.Whole("value", 1, int.MaxValue)!.Value;
        var which = limit switch
        {
            "tokens" => ResourceLimit.Tokens,
            "processes" => ResourceLimit.Processes,
            "memory" => ResourceLimit.Context,
            _ => throw SyscallErrors.NotAvailable("setrlimit", "limit", $"A limit of {limit} cannot be changed for one process: tokens, processes and memory can."),
        };
        var process = context.Process(Subject(context));
        await process.SetLimitAsync(which, value);
        return Limits(await process.GetAsync());
    }

    private static LimitsResult Limits(ProcessControlBlock process) =>
        new(process.Pid, process.Budget, process.Context, process.PromptTokens + process.CompletionTokens, process.Sandbox);
}
