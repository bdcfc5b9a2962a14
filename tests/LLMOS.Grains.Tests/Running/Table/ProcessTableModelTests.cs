using CsCheck;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Table;

/// <summary>Spawns, ends, stops and restarts at random, on the running system and in a model of it that fits on a page: they agree after each step.</summary>
public sealed class ProcessTableModelTests : IAsyncLifetime
{
    private const int Sequences = 25;
    private const int Names = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Gen<(int Operation, int Who, int Other)> Steps = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 1_000], Gen.Int[0, 1_000]);

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-table-").FullName;
    private RunningSystem _system = null!;
    private int _sequence;

    public async ValueTask InitializeAsync() => _system = await RunningSystem.StartAsync(
        _data, new BootRequest { LoadModel = false }, services => services.AddSingleton<IProcessProgram, FailingProgram>());

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public Task The_process_table_does_what_its_model_does() =>
        Steps.Array[1, 24].SampleAsync(RunAsync, iter: Sequences, threads: 1, print: steps => string.Join(", ", steps));

    private async Task RunAsync((int Operation, int Who, int Other)[] steps)
    {
        var model = new ProcessTableModel();
        var prefix = $"m{Interlocked.Increment(ref _sequence)}";
        await SpawnAsync(model, prefix, steps[0] with { Operation = 0 });
        for (var i = 0; i < steps.Length; i++)
        {
            await DoAsync(model, prefix, steps[i]);
            await AgreeAsync(model, $"step {i}, {steps[i]}");
        }

        await ListsAgreeAsync(model);
        await AccountsAgreeAsync(model);
    }

    private async Task DoAsync(ProcessTableModel model, string prefix, (int Operation, int Who, int Other) step)
    {
        var process = model.Processes[step.Who % model.Processes.Count];
        var grain = _system.Process(process.Pid);
        switch (step.Operation)
        {
            case 0 or 1 or 2 or 3:
                await SpawnAsync(model, prefix, step);
                break;
            case 4:
                await grain.KillAsync(ExitReason.Killed("by the model"));
                process.Kill();
                break;
            case 5:
                await grain.KillTreeAsync(ExitReason.Killed("by the model"));
                process.KillTree();
                break;
            case 6 or 7:
                await OfLivingAsync(process, grain.SuspendAsync("by the model"));
                process.Suspend();
                break;
            case 8 or 9:
                await OfLivingAsync(process, grain.ResumeAsync());
                process.Resume();
                break;
            case 10:
                await TellAsync(process, "exit");
                break;
            default:
                await TellAsync(process, "fail 9");
                break;
        }
    }

    private async Task SpawnAsync(ProcessTableModel model, string prefix, (int Operation, int Who, int Other) step)
    {
        // Every other one is a child, and every other one of the later ones waits for another process.
        var count = model.Processes.Count;
        var parent = count > 0 && step.Operation % 2 == 1 ? model.Processes[step.Who % count] : null;
        var after = count > 0 && step.Operation >= 2 ? model.Processes[step.Other % count] : null;
        var policy = (DependencyPolicy)(step.Other % 3);
        var restarts = step.Who % 2 == 0;
        var spec = new ProcessSpec
        {
            Name = $"{prefix}-{count % Names}",
            Program = "failing",
            ParentPid = parent?.Pid ?? WellKnownPids.Init,
            After = after is null ? [] : [after.Pid],
            AfterPolicy = policy,
            Restart = restarts ? RestartPolicy.OnFailure : RestartPolicy.Never,
            MaxRestarts = 1,
            RestartDelay = TimeSpan.FromMilliseconds(1),
        };
        if (parent is { HasEnded: true })
        {
            await RefusedAsync(_system.Table.SpawnAsync(spec));
            return;
        }

        var process = await _system.Table.SpawnAsync(spec);
        Assert.True(process.Pid > (model.Processes.LastOrDefault()?.Pid ?? 0));
        model.Spawn(process.Pid, spec.Name, parent, after, policy, restarts);
    }

    private async Task TellAsync(ModelProcess process, string message)
    {
        await OfLivingAsync(process, _system.Console.SendAsync(new OutgoingMessage { To = process.Pid, Payload = message, MessageType = VmpMessageType.Notification }));
        if (!process.HasEnded)
        {
            process.Tell(message);
        }
    }

    private static Task OfLivingAsync(ModelProcess process, Task call) => process.HasEnded ? RefusedAsync(call) : call;

    private static async Task RefusedAsync(Task call) =>
        Assert.Equal(LlmosErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<LlmosException>(() => call)).Code);

    private Task AgreeAsync(ProcessTableModel model, string when) => UntilAsync(
        async () =>
        {
            foreach (var expected in model.Processes)
            {
                var process = await _system.Process(expected.Pid).GetAsync();
                var (found, wanted) = (Describe(process), Describe(expected));
                if (found != wanted)
                {
                    return $"{when}: {expected.Name} ({expected.Pid}) is {found} and was to be {wanted}";
                }
            }

            return null;
        });

    private static string Describe(ProcessControlBlock process) => Describe(
        process.State, process.BlockedOn, process.Exit?.Kind, process.ParentPid, process.ChildPids, process.WaitsFor, process.Turns, process.Waiting);

    private static string Describe(ModelProcess process) => Describe(
        process.State,
        process.BlockedOn,
        process.Exit,
        process.Parent?.Pid ?? WellKnownPids.Init,
        process.Children.Select(child => child.Pid),
        process.WaitsFor.Select(other => other.Pid),
        process.Turns,
        process.Waiting);

    // What an ended one keeps of its family and of what it waited for is history.
    private static string Describe(
        ProcessState state, BlockReason blockedOn, ExitKind? exit, long parent, IEnumerable<long> children, IEnumerable<long> waitsFor, long turns, int waiting) =>
        state == ProcessState.Terminated
            ? $"{state} by {exit} after {turns} turns"
            : $"{state} on {(state == ProcessState.Blocked ? blockedOn : BlockReason.None)}, of {parent}, with [{string.Join(' ', children.Order())}], after [{string.Join(' ', waitsFor.Order())}], {turns} turns, {waiting} waiting";

    private async Task ListsAgreeAsync(ProcessTableModel model)
    {
        // The table hears of an end after the process has ended.
        var own = model.Processes.Select(process => process.Pid).ToHashSet();
        var living = model.Processes.Where(process => !process.HasEnded).Select(process => process.Pid).ToList();
        await UntilAsync(async () => (await _system.Table.LivePidsAsync()).Where(own.Contains).ToList() is var pids && pids.SequenceEqual(living)
            ? null
            : $"[{string.Join(' ', pids)}] live in the table and [{string.Join(' ', living)}] were to");
        var all = await _system.Table.ListAsync(new ProcessFilter { Limit = 100_000 });
        Assert.Equal(model.Processes.Select(process => process.Pid), all.Select(process => process.Pid).Where(own.Contains));
        var live = await _system.Table.ListAsync(new ProcessFilter { LiveOnly = true, Limit = 100_000 });
        Assert.Equal(living, live.Select(process => process.Pid).Where(own.Contains));
        var newest = await _system.Table.ListAsync(new ProcessFilter { Limit = 2 });
        Assert.Equal(all.TakeLast(2).Select(process => process.Pid), newest.Select(process => process.Pid));
        foreach (var name in model.Processes.Select(process => process.Name).Distinct())
        {
            Assert.Equal(model.Resolve(name).Pid, await _system.Table.ResolveAsync(name));
        }
    }

    private Task AccountsAgreeAsync(ProcessTableModel model) => UntilAsync(
        async () =>
        {
            foreach (var payer in model.Processes.Where(process => model.Processes.Exists(child => child.Payer == process)))
            {
                var statement = await _system.Grains.GetGrain<IAccountGrain>(AccountKey.OfProcess(payer.Pid)).GetStatementAsync();
                var tree = model.Tree(payer).ToList();
                var (tokens, living) = (tree.Sum(process => process.Tokens), tree.Count(process => !process.HasEnded));
                if ((statement.TotalTokens, statement.Processes, statement.Leased) != (tokens, living, 0))
                {
                    return $"the account of {payer.Pid} has {statement.TotalTokens} tokens (+{statement.Leased}) of {statement.Processes} processes, and there are {tokens} of {living}";
                }
            }

            return null;
        });

    /// <summary>Waits until nothing is wrong any more: what an end entails for others takes its time.</summary>
    private static async Task UntilAsync(Func<Task<string?>> whatIsWrong)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var deadline = DateTime.UtcNow + Patience;
        while (await whatIsWrong() is { } wrong)
        {
            Assert.True(DateTime.UtcNow < deadline, wrong);
            await pause.WaitForNextTickAsync();
        }
    }
}
