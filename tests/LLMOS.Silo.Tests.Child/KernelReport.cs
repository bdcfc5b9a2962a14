using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Tests.Child;

/// <summary>What a system finds of itself when it is up again.</summary>
internal static class KernelReport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task SayAsync(KernelSystem system)
    {
        var processes = await system.Table.ListAsync(new ProcessFilter { Limit = 100_000 });
        foreach (var process in processes)
        {
            Journal.Say($"process {process.Pid} {process.Name} {process.State} {process.Turns}");
        }

        var user = await system.Account(KernelSystem.User).GetStatementAsync();
        Journal.Say($"tokens {user.Limits.Tokens}");
        var spawner = await system.Account(KernelSystem.Spawner).GetStatementAsync();
        Journal.Say($"lives {spawner.Processes} {processes.Count(process => process.State != ProcessState.Terminated && process.Account == KernelSystem.Spawner)}");
        await BalanceAsync(system);
        Journal.Say($"balanced");
    }

    /// <summary>Waits until no account holds anything for a turn, and holds each against the meters of all below it.</summary>
    private static async Task BalanceAsync(KernelSystem system)
    {
        string[] accounts = [KernelSystem.User, $"{KernelSystem.User}/web", AccountKey.OfProcess(system.AgentPids[0])];
        int[][] below = [[0, 1, 2], [0, 1], [0, 1]];
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var statements = await Task.WhenAll(accounts.Select(account => system.Account(account).GetStatementAsync()));
            var meters = await Task.WhenAll(system.AgentPids.Select(async pid => (await system.Process(pid).ReadMeterAsync()).Reading.Tokens));
            if (statements.All(statement => statement.Leased == 0)
                && statements.Select(statement => statement.TotalTokens).SequenceEqual(below.Select(holders => holders.Sum(holder => meters[holder]))))
            {
                return;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw LlmosException.Unavailable(
                    $"The accounts say {string.Join(", ", statements.Select(statement => $"{statement.Account} {statement.TotalTokens} (+{statement.Leased})"))} and the meters {string.Join(", ", meters)}.");
            }

            await pause.WaitForNextTickAsync();
        }
    }
}
