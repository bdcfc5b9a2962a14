using System.Globalization;
using LLMOS.Kernel;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Child;

/// <summary>
/// A whole system with a small model, and the processes that a workload of everything uses: workers that answer each other's client,
/// a tree of agents that spend from accounts, and two mailboxes. What a former life made is found again.
/// </summary>
internal sealed class KernelSystem : IAsyncDisposable
{
    public const int Workers = 6;
    public const string User = "alice";
    public const string Spawner = "bob";
    public const string Group = "odd";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly LlmosHost _host;

    private KernelSystem(LlmosHost host) => _host = host;

    public IGrainFactory Grains => _host.Grains;

    public IServiceProvider Services => _host.Services;

    public IProcessTableGrain Table => Grains.GetGrain<IProcessTableGrain>(0);

    /// <summary>The mailbox that the workers answer to.</summary>
    public long Client { get; private set; }

    /// <summary>The mailbox that asks the agents.</summary>
    public long Asker { get; private set; }

    public long[] WorkerPids { get; } = new long[Workers];

    /// <summary>A parent, its child, and one beside them.</summary>
    public long[] AgentPids { get; } = new long[3];

    public static async Task<KernelSystem> StartAsync(string folder)
    {
        var options = new LlmosSiloOptions { Data = folder };
        options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        options.Models.Threads = 1;
        options.Models.ContextCells = 2_048;
        var builder = LlmosHost.CreateBuilder(options);
        builder.Services.AddSingleton<IProcessProgram, BusWorker>();
        builder.Services.Configure<KernelOptions>(kernel => kernel.MaxMailboxMessages = int.MaxValue);
        var system = new KernelSystem(builder.Build());
        await system._host.StartAsync();
        await foreach (var _ in system.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest(), CancellationToken.None))
        {
            // Each stage in its turn.
        }

        await system.FindAsync();
        return system;
    }

    public IProcessGrain Process(long pid) => Grains.GetGrain<IProcessGrain>(pid);

    public IAccountGrain Account(string name) => Grains.GetGrain<IAccountGrain>(name);

    public static LimitCaller Administrator => new(WellKnownPids.Console, Permissions.All);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _host.StopAsync(limit.Token);
        await _host.DisposeAsync();
    }

    private async Task FindAsync()
    {
        var there = (await Table.ListAsync(new ProcessFilter { Limit = 100_000 })).ToLookup(process => process.Name, process => process.Pid);
        var mailbox = new ProcessSpec { Name = "client", Program = ProcessPrograms.Mailbox, Kind = ProcessKind.User, Permissions = Permissions.All };
        Client = await PidAsync(mailbox);
        Asker = await PidAsync(mailbox with { Name = "asker" });
        for (var i = 0; i < Workers; i++)
        {
            WorkerPids[i] = await PidAsync(new ProcessSpec { Name = string.Create(CultureInfo.InvariantCulture, $"worker-{i}"), Program = BusWorker.ProgramName });
            if (i % 2 == 1)
                await Grains.GetGrain<IMulticastGroupGrain>(Group).JoinAsync(WorkerPids[i]);
        }

        var agent = new ProcessSpec { Name = "parent", Role = "You write.", MaxTokensPerTurn = 12, Budget = 1_000_000, Account = $"{User}/web" };
        AgentPids[0] = await PidAsync(agent);
        AgentPids[1] = await PidAsync(agent with { Name = "child", Account = "", ParentPid = AgentPids[0] });
        AgentPids[2] = await PidAsync(agent with { Name = "other", Account = User });

        async Task<long> PidAsync(ProcessSpec spec) => there[spec.Name].Any() ? there[spec.Name].First() : (await Table.SpawnAsync(spec)).Pid;
    }
}
