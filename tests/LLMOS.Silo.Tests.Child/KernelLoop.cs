using System.Runtime;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Child;

/// <summary>A whole system under a workload of everything, and the same that comes to rest.</summary>
internal static class KernelLoop
{
    // The room of the account that the victims are in: processes that a crash kept from being made must not fill it for good.
    private const int MostProcesses = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Says what is there, then works until it is killed.</summary>
    public static async Task<int> RunAsync(string folder, int seed)
    {
        await using var system = await KernelSystem.StartAsync(folder);
        await KernelReport.SayAsync(system);
        await system.Account(KernelSystem.Spawner).SetLimitAsync(KernelSystem.Administrator, ResourceLimit.Processes, MostProcesses);
        Journal.Say($"ready");
        await new KernelWorkload(system, seed).RunAsync();
        return 0;
    }

    /// <summary>Works until nothing waits any more for whoever handles messages, says what is there, and stops in order.</summary>
    public static async Task<int> DrainAsync(string folder)
    {
        await using var system = await KernelSystem.StartAsync(folder);
        var log = system.Services.GetRequiredService<IMessageLog>();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Limit);
        foreach (var pid in (long[])[.. system.WorkerPids, .. system.AgentPids, WellKnownPids.Monitor, WellKnownPids.Logger, WellKnownPids.Scheduler, WellKnownPids.Summarizer])
        {
            while ((await log.PendingAsync(pid)).Count > 0)
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
        }

        await KernelReport.SayAsync(system);
        Journal.Say($"compiled {JitInfo.GetCompiledMethodCount()}");
        Journal.Say($"ready");
        return 0;
    }
}
