using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace LLMOS.Silo.Tests.Placement;

/// <summary>A cluster of silos in this process, each with devices of its own. The models are real ones.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private SiloCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public static DeviceSelection Gpu(string name, long megabytes = 1024) => DeviceSelection.Of(
        new DeviceDefinition { Name = name, Backend = "CPU", IsGpu = true, MemoryBytes = megabytes << 20 });

    public static Task<SiloCluster> StartAsync(params DeviceSelection[] devices) => StartAsync(_ => { }, devices);

    public static Task<SiloCluster> StartAsync(Action<LlmosSiloOptions> configure, params DeviceSelection[] devices) =>
        StartAsync(configure, _ => { }, devices.Length, devices);

    /// <summary>Starts some of the silos; the others join when they are told to.</summary>
    public static async Task<SiloCluster> StartAsync(
        Action<LlmosSiloOptions> configure, Action<IServiceCollection> services, int first, params DeviceSelection[] devices)
    {
        var builder = new InProcessTestClusterBuilder((short)first);
        builder.ConfigureSilo((silo, siloBuilder) =>
        {
            var number = int.Parse(silo.SiloName.AsSpan(silo.SiloName.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1));
            var options = new LlmosSiloOptions { Devices = devices[number] };
            options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
            options.Models.Threads = 1;
            options.Models.ContextCells = 4096;
            configure(options);
            siloBuilder.ConfigureLlmosSilo(options);
            services(siloBuilder.Services);
            siloBuilder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            siloBuilder.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new SiloCluster(cluster);
    }

    public IInferenceGrain Replica(int number, string model = "default") => Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, number));

    public T Service<T>(int silo)
        where T : notnull => Silos[silo].ServiceProvider.GetRequiredService<T>();

    public IReadOnlyCollection<DeviceReport> DevicesSeenBy(int silo) => Service<IDeviceMap>(silo).Devices;

    /// <summary>Starts the next silo.</summary>
    public Task JoinAsync() => _cluster.StartAdditionalSiloAsync();

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(Silos[silo]);

    public Task DeactivateAsync(IInferenceGrain replica) => _cluster.DeactivateAsync(replica);

    /// <summary>Calls a grain so that it is placed on a silo, if it is not placed yet.</summary>
    public async Task<T> PlacedOnAsync<T>(int silo, Func<Task<T>> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Silos[silo].SiloAddress);
        try
        {
            return await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
