using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>Adds the VMP streams to a silo.</summary>
public static class StreamsSiloBuilderExtensions
{
    // The reader waits inside its poll; the timer only starts the next one.
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(5);

    // Orleans keeps a grain with the subscriptions of every stream. A mailbox has none but its process, so its grain is
    // needed for a moment after a start only; 2.6 KB for each process would stay for hours.
    internal const string RendezvousClass = "Orleans.Streams.PubSubRendezvousGrain";
    private static readonly TimeSpan RendezvousAge = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Adds the stream provider <see cref="VmpStreams.Provider"/> and <see cref="IMessageLog"/>, both over the log in the
    /// silo's store (<see cref="StorageSiloBuilderExtensions.AddLlmosStorage"/>). Publishing completes when the message is
    /// durable; delivery is at least once, so recipients drop a message id they know.
    /// </summary>
    /// <remarks>Clients outside the cluster have no log and no such provider: they publish and listen through grains.</remarks>
    public static ISiloBuilder AddVmpStreams(this ISiloBuilder builder, Action<VmpStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var chosen = new VmpStreamOptions();
        configure?.Invoke(chosen);
        builder.Services.AddOptions<VmpStreamOptions>().Configure(options => configure?.Invoke(options));
        builder.Services.AddSingleton<IMessageLog>(services => new SqliteMessageLog(VmpLog.In(
            services.GetRequiredService<SqliteStore>(), services.GetRequiredService<IOptions<VmpStreamOptions>>().Value)));
        builder.Services.Configure<GrainCollectionOptions>(options =>
            options.ClassSpecificCollectionAge[RendezvousClass] = RendezvousAge);
        return builder.AddPersistentStreams(
            VmpStreams.Provider,
            static (services, name) => ActivatorUtilities.CreateInstance<VmpQueueAdapterFactory>(services, name),
            streams =>
            {
                streams.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = PollPeriod));
                streams.ConfigureLifecycle(lifecycle => lifecycle.Configure<IOptions<VmpStreamOptions>>((options, vmp) =>
                    options.StartupState = vmp.Value.StartStopped
                        ? StreamLifecycleOptions.RunState.AgentsStopped
                        : StreamLifecycleOptions.RunState.AgentsStarted));
                if (chosen.PullsAllQueues)
                    streams.ConfigurePartitionBalancing(static (_, _) => new AllQueuesBalancer());
                streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedAndImplicit);
                streams.ConfigureBackoffProvider(IMessageDeliveryBackoffProvider (_, _) => new VmpBackoff());
                streams.ConfigureBackoffProvider(IQueueReaderBackoffProvider (_, _) => new VmpBackoff());
            });
    }
}
