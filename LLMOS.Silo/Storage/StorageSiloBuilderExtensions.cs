using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Files;
using LLMOS.Silo.Streams;
using LLMOS.SystemInterface.VectorFs;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace LLMOS.Silo.Storage;

/// <summary>Puts a silo's state into a store.</summary>
public static class StorageSiloBuilderExtensions
{
    private const string PubSubStore = "PubSubStore";
    private const string IndexFolder = "index";

    /// <summary>
    /// Keeps grain state (storage "Default"), what turns say, stream subscriptions ("PubSubStore") and reminders in the store. Several silos
    /// of one process share one store; whoever opened it disposes it after the last of them has stopped.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="store">The store.</param>
    /// <param name="vectorServer">The Garnet server that has the indexes of large collections; empty for none.</param>
    /// <param name="vectorServerFrom">Records from which on a collection is large.</param>
    public static ISiloBuilder AddLlmosStorage(
        this ISiloBuilder builder, SqliteStore store, string vectorServer = "", int vectorServerFrom = LlmosSiloOptions.DefaultVectorServerFrom)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        builder.AddReminders();
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<IAuditLog>(SqliteAuditLog.In(store));
        builder.Services.AddSingleton<SqliteFileStore>();
        builder.Services.AddSingleton<IFileStore>(services => services.GetRequiredService<SqliteFileStore>());
        builder.Services.AddSingleton<IEmbeddingStore>(services => new SqliteEmbeddingStore(store, services.GetRequiredService<IVectorIndexes>()));
        builder.Services.AddSingleton<SqliteVectorLogs>();
        builder.Services.AddSingleton<IVectorLogs>(services => services.GetRequiredService<SqliteVectorLogs>());
        builder.Services.AddSingleton(services =>
        {
            var segments = new SegmentIndexes(Path.Combine(store.Folder, IndexFolder), services.GetRequiredService<ILogger<SegmentIndexes>>());
            segments.Sweep(services.GetRequiredService<SqliteVectorLogs>().Identities);
            return segments;
        });
        builder.Services.AddSingleton<IVectorIndexes>(services =>
        {
            var segments = services.GetRequiredService<SegmentIndexes>();
            return vectorServer.Length == 0
                ? segments
                : new GarnetIndexes(vectorServer, Math.Max(1, vectorServerFrom / IVectorIndexGrain.Shards), segments, services.GetRequiredService<ILogger<GarnetIndexes>>());
        });
        builder.Services.AddSingleton<IMemoryLevelSource, DiskMemory>();
        builder.Services.AddSingleton<IRegionCatalog, SqliteRegionCatalog>();
        builder.Services.AddSingleton<ITurnLog>(new SqliteTurnLog(store));
        builder.Services.AddSingleton<IReminderTable>(new SqliteReminderTable(store));
        builder.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, Create);
        builder.Services.AddGrainStorage(PubSubStore, static (services, name) => new MailboxRegistrations(Create(services, name)));
        return builder;
    }

    private static SqliteGrainStorage Create(IServiceProvider services, string name) =>
        ActivatorUtilities.CreateInstance<SqliteGrainStorage>(services);
}
