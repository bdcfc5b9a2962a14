using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>setpriority, nice, getrlimit and setrlimit.</summary>
internal sealed class ResourceSyscalls : ISyscallSet
{
    // No limit takes more; each says what it takes.
    private const long MostOfALimit = 1_000_000_000_000_000;

    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("setpriority", Permissions.None, true, "pid", SetPriorityAsync),
        new("nice", Permissions.None, true, "pid", NiceAsync),
        new("getrlimit", Permissions.None, false, "pid", context => LimitsAsync(context.Process(Subject(context)))),
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
        var value = context.Arguments.Whole("value", 0, MostOfALimit)!.Value;
        var process = context.Process(Subject(context));
        await process.SetLimitAsync(limit == "memory" ? ResourceLimit.Context : Enum.Parse<ResourceLimit>(limit, ignoreCase: true), value);
        return await LimitsAsync(process);
    }

    private static async Task<SyscallResult> LimitsAsync(IProcessGrain grain)
    {
        var statement = await grain.GetLimitsAsync();
        var process = await grain.GetAsync();
        return new LimitsResult(process.Pid, process.Budget, process.Context, process.PromptTokens + process.CompletionTokens, process.Sandbox, statement);
    }
}
