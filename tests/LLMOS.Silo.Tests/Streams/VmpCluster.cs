using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Streams;
using Orleans.TestingHost;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>Silos over one store, with the recipients of these tests and no other grains of the system.</summary>
internal sealed class VmpCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private VmpCluster(InProcessTestCluster cluster, SqliteStore store, DeliverySink sink)
    {
        _cluster = cluster;
        Store = store;
        Sink = sink;
    }

    public SqliteStore Store { get; }

    public DeliverySink Sink { get; }

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public IClusterClient Client => _cluster.Client;

    public IMessageLog Log => _cluster.Silos[0].ServiceProvider.GetRequiredService<IMessageLog>();

    public static async Task<VmpCluster> StartAsync(
        string folder, DeliverySink sink, short silos = 1, Action<VmpStreamOptions>? configure = null)
    {
        var store = SqliteStore.Open(folder);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLlmosStorage(store).AddVmpStreams(configure);
            silo.Services.AddSingleton(sink);
            silo.Services.PostConfigure<GrainTypeOptions>(options =>
                options.Classes.RemoveWhere(type => type.Assembly.GetName().Name == "LLMOS.Grains"));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new VmpCluster(cluster, store, sink);
    }

    public Task PublishAsync(StreamId stream, VmpMessage message) => Client.GetGrain<IPublisherGrain>(0).PublishAsync(stream, message);

    public Task SendAsync(VmpMessage message) => PublishAsync(VmpStreamIds.Mailbox(message.To), message);

    /// <summary>A stream as code inside a silo sees it.</summary>
    public IAsyncStream<VmpMessage> Stream(StreamId stream) => _cluster.Silos[0].ServiceProvider
        .GetRequiredKeyedService<IStreamProvider>(VmpStreams.Provider).GetStream<VmpMessage>(stream);

    public Task KillAsync(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        await Store.DisposeAsync();
    }
}
