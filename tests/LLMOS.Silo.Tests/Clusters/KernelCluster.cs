using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo.Models;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace LLMOS.Silo.Tests.Clusters;

/// <summary>Whole silos over one store in this process, each with kernel and models, booted.</summary>
internal sealed class KernelCluster : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TempFolder _folder = new();
    private readonly SqliteStore _store;
    private InProcessTestCluster _cluster = null!;

    private KernelCluster() => _store = SqliteStore.Open(_folder.File("data"));

    public IGrainFactory Grains => _cluster.Client;

    public IProcessTableGrain Table => Grains.GetGrain<IProcessTableGrain>(0);

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    /// <summary>The processes of each silo; that of a silo which has stopped is kept.</summary>
    public IReadOnlyList<SiloProcesses> Processes { get; private set; } = [];

    public static async Task<KernelCluster> StartAsync(short silos, TimeSpan grace, Action<IServiceCollection>? configure = null)
    {
        var cluster = new KernelCluster();
        try
        {
            await cluster.DeployAsync(silos, grace, configure);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    public IProcessGrain Process(long pid) => Grains.GetGrain<IProcessGrain>(pid);

    /// <summary>Spawns processes until each silo has one: where one goes is the cluster's to say.</summary>
    /// <returns>One of each silo.</returns>
    public async Task<IReadOnlyList<ProcessControlBlock>> SpawnOnEachAsync(Func<int, ProcessSpec> spec)
    {
        const int Most = 500;
        var spawned = new List<ProcessControlBlock>();
        while (!Processes.All(silo => spawned.Exists(process => silo.Pids.Contains(process.Pid))))
        {
            Assert.True(spawned.Count < Most, $"Of {Most} processes none came to some silo.");
            spawned.Add(await Table.SpawnAsync(spec(spawned.Count)));
        }

        return [.. Processes.Select(silo => spawned.First(process => silo.Pids.Contains(process.Pid)))];
    }

    /// <summary>Tells a silo to stop, as SIGTERM does.</summary>
    public Task StopAsync(int silo) => _cluster.StopSiloAsync(Silos[silo]);

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(Silos[silo]);

    public Task<VmpMessage> RequestAsync(long pid, string text) =>
        Process(WellKnownPids.Console).SendAsync(new OutgoingMessage { To = pid, Payload = text });

    /// <summary>Waits for the response to a request, and takes it.</summary>
    public async Task<VmpMessage> ResponseAsync(VmpMessage request)
    {
        var console = Process(WellKnownPids.Console);
        var filter = new MessageFilter { CorrelationId = request.MessageId.ToString() };
        var deadline = DateTime.UtcNow + Limit;
        while (DateTime.UtcNow < deadline)
        {
            try
            {
                if (await console.PeekAsync(filter, TimeSpan.FromSeconds(5), CancellationToken.None) is { } response)
                {
                    await console.ConsumeAsync(response.MessageId);
                    return response;
                }
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // Its silo died in the middle of the call; the next one finds it elsewhere.
            }
        }

        throw new TimeoutException($"No response to '{request.Payload}' within {Limit}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }

        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task DeployAsync(short silos, TimeSpan grace, Action<IServiceCollection>? configure)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            var options = new LlmosSiloOptions
            {
                Data = _folder.File("data"),
                Devices = DeviceSelection.Of(new DeviceDefinition { Name = "CPU", Backend = "CPU" }),
                DrainGrace = grace,
            };
            options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
            options.Models.Threads = 1;
            options.Models.ContextCells = 8192;
            silo.ConfigureLlmosSilo(options).AddLlmosStorage(_store).AddVmpStreams();
            configure?.Invoke(silo.Services);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));

            // Other tests' recipients of mailboxes have no place here.
            silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.Assembly == typeof(KernelCluster).Assembly));
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Processes = [.. Silos.Select(silo => silo.ServiceProvider.GetRequiredService<SiloProcesses>())];
        await foreach (var _ in Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest(), CancellationToken.None))
        {
        }
    }
}
