using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>An account that asks what its holders hold while what it granted has not arrived.</summary>
public sealed class GrantOnItsWayTests
{
    [Fact]
    public async Task A_grant_that_has_not_arrived_stays_held()
    {
        var folder = Directory.CreateTempSubdirectory("llmos-grant-").FullName;
        try
        {
            var late = new LateGrant();
            await using var system = await RunningSystem.StartAsync(
                folder, configure: services => services.AddSingleton<IOutgoingGrainCallFilter>(late));
            var parent = await system.Table.SpawnAsync(
                new ProcessSpec { Name = "parent", Role = "You share.", Budget = 150, BudgetSlice = TimeSpan.FromHours(1) });
            var child = new ProcessSpec { Name = "child", Role = "You answer.", ParentPid = parent.Pid, Budget = 10_000, MaxTokensPerTurn = 1_000 };
            var first = await system.Table.SpawnAsync(child);
            var second = await system.Table.SpawnAsync(child with { MaxTokensPerTurn = 10 });
            late.Holder = AccountKey.OfProcess(first.Pid);

            var asked = await system.RequestAsync(first.Pid, "Take all of it.");
            await late.Granted.WaitAsync(RunningSystem.Limit, TestContext.Current.CancellationToken);
            await system.RequestAsync(second.Pid, "Is there more?");
            await system.SeeAsync(second.Pid, output => output.Text.Contains("0 of its 150 tokens", StringComparison.Ordinal), "that nothing is left");

            Assert.Equal(150, (await system.Grains.GetGrain<IAccountGrain>(AccountKey.OfProcess(parent.Pid)).GetStatementAsync()).Leased);
            late.Arrive();
            await system.ResponseAsync(asked);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Keeps the answer to one holder's request for tokens on its way.</summary>
    private sealed class LateGrant : IOutgoingGrainCallFilter
    {
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _arrives = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Holder { get; set; } = "";

        public Task Granted => _granted.Task;

        public void Arrive() => _arrives.TrySetResult();

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            // After the call its arguments are gone.
            var isHolders = context.MethodName == nameof(IAccountGrain.ReserveAsync) && Equals(context.Request.GetArgument(0), Holder);
            await context.Invoke();
            if (isHolders)
            {
                _granted.TrySetResult();
                await _arrives.Task;
            }
        }
    }
}
