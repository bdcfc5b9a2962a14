using LLMOS.Agents;
using LLMOS.Agents.SystemAgents;
using LLMOS.Cognition.Embeddings;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Acting;
using LLMOS.SystemInterface.Boot;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.SystemInterface.VectorFs.Views;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LLMOS;

/// <summary>What the grains need beside what a host brings: storage, the message log, the device map and the model host.</summary>
public static class GrainServices
{
    public static IServiceCollection AddLlmosGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SteadyClock>();
        services.TryAddSingleton<IVectorSpace>(new HashingEmbedder());
        services.TryAddSingleton(new PageCache(PageCache.DefaultCapacity));
        services.TryAddSingleton<WindowMemory>();
        services.TryAddSingleton<VectorMemory>();
        services.TryAddSingleton(new EmbeddingCache(EmbeddingCache.DefaultCapacity));
        services.TryAddSingleton<IVectorIndexes, MemoryIndexes>();
        services.AddSingleton<TextEmbedder>();
        services.AddSingleton<EmbeddingSearch>();
        services.AddSingleton<IMemoryLevelSource>(provider => provider.GetRequiredService<WindowMemory>());
        services.AddSingleton<IMemoryLevelSource>(provider => provider.GetRequiredService<PageCache>());
        services.AddSingleton<IMemoryLevelSource>(provider => provider.GetRequiredService<VectorMemory>());
        services.AddSingleton<IMemoryLevelSource>(provider => provider.GetRequiredService<EmbeddingCache>());
        services.TryAddSingleton<ProgramCatalog>();
        services.TryAddSingleton<CallerOrigin>();
        services.TryAddSingleton<RevocationBoard>();
        services.TryAddSingleton<SiloProcesses>();
        services.TryAddSingleton<AuditScribe>();
        services.AddSingleton<IOutgoingGrainCallFilter>(provider => provider.GetRequiredService<CallerOrigin>());
        services.AddSingleton<IIncomingGrainCallFilter, StoreErrorFilter>();
        services.AddSingleton<IIncomingGrainCallFilter, AccessFilter>();
        services.AddSingleton<SemanticSearch>();
        services.AddSingleton<FileChunker>();
        services.AddSingleton<ISystemView, AgentsView>();
        services.AddSingleton<ISystemView, RegionsView>();
        services.AddSingleton<ISystemView, LogsView>();
        services.AddSingleton<ISystemView, ModelsView>();
        services.AddSingleton<ISystemView, ToolsView>();
        services.AddSingleton<IReplicas, ReplicaGrains>();
        services.AddSyscalls();
        services.AddSingleton<IProcessProgram, MailboxProgram>();
        services.AddSingleton<AgentProgram>();
        services.AddSingleton<IProcessProgram>(provider => provider.GetRequiredService<AgentProgram>());
        services.AddSingleton<IProcessProgram, CompletionProgram>();
        services.AddSingleton<IProcessProgram, ActorProgram>();
        services.AddSingleton<IProcessProgram, RunEndpointProgram>();
        services.AddSingleton<IProcessProgram, LoggerProgram>();
        services.AddSingleton<IProcessProgram, MonitorProgram>();
        services.AddSingleton<IProcessProgram, SchedulerProgram>();
        services.AddSingleton<IProcessProgram, SummarizerProgram>();
        services.AddTransient<IBootStage, KernelStage>();
        services.AddTransient<IBootStage, ServicesStage>();
        services.AddTransient<IBootStage, AgentsStage>();
        services.AddTransient<IBootStage, ShellStage>();
        return services;
    }
}
