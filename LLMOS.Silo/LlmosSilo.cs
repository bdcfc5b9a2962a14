using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Models;
using LLMOS.Silo.Placement;
using LLMOS.Silo.Streams;
using LLMOS.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Placement;

namespace LLMOS.Silo;

/// <summary>What makes an Orleans silo one of LLMOS, wherever it is hosted: its models, its devices, their placement, its roles.</summary>
public static class LlmosSilo
{
    private const string SpillFolderName = "spill";

    public static ISiloBuilder ConfigureLlmosSilo(this ISiloBuilder silo, LlmosSiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Options.Create(options.Security));

        // Before the system's own filters, so that what these do is in the span of the call.
        silo.AddActivityPropagation();
        services.AddLlmosGrains();
        services.AddHostedService<SiloInstruments>();
        AddModels(services, options);
        AddPlacement(silo);
        AddDrain(services, options);
        ApplyRoles(silo, options.Roles);
        return silo;
    }

    private static void AddModels(IServiceCollection services, LlmosSiloOptions options)
    {
        var offersDevices = options.Roles.HasFlag(SiloRoles.Inference);
        if (options.Models.SpillFolder.Length == 0)
        {
            options.Models.SpillFolder = Path.GetFullPath(Path.Combine(options.Data, SpillFolderName));
        }

        services.AddSingleton(options.Models);
        services.AddSingleton<SiloEngines>();
        services.TryAddSingleton<IModelBackend, LlamaModelBackend>();
        services.TryAddSingleton<IDeviceProbe, LlamaDeviceProbe>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<ModelShelf>();
        services.AddSingleton<IModelShelf>(provider => provider.GetRequiredService<ModelShelf>());
        services.AddSingleton<IMemoryLevelSource, EngineMemory>();
        services.AddSingleton<IEngineReports, EngineReports>();
        services.AddSingleton(provider => new RemoteEngineFactory(Environment.GetEnvironmentVariable, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DeviceInventory(offersDevices ? options.Devices : DeviceSelection.None, provider.GetRequiredService<IDeviceProbe>()));
        services.AddSingleton<ModelHost>();
        services.AddSingleton<IModelHost>(provider => provider.GetRequiredService<ModelHost>());
        services.AddSingleton<IDeviceReporter>(provider => new DrainingReporter(provider.GetRequiredService<ModelHost>(), provider.GetRequiredService<SiloProcesses>()));
    }

    private static void AddPlacement(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<DeviceMap>();
        silo.Services.AddSingleton<IDeviceMap>(provider => provider.GetRequiredService<DeviceMap>());
        silo.Services.AddSingleton<DeviceGossipClient>();
        silo.AddGrainService<DeviceGossip>();
        silo.Services.AddPlacementDirector<GpuAffinePlacement, GpuAffinePlacementDirector>();
        silo.Services.AddPlacementFilter<DrainingSiloFilter, DrainingSiloFilterDirector>(ServiceLifetime.Singleton);
    }

    private static void AddDrain(IServiceCollection services, LlmosSiloOptions options)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SiloDrain>(provider, options.DrainGrace));
        services.AddHostedService(provider => provider.GetRequiredService<SiloDrain>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainGrace + SiloDrain.AfterGrace + host.ShutdownTimeout);
    }

    private static void ApplyRoles(ISiloBuilder silo, SiloRoles roles)
    {
        if (roles == SiloRoles.All)
        {
            return;
        }

        silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type =>
            type.Assembly == typeof(InferenceGrain).Assembly
            && type != typeof(SiloMemoryGrain)
            && type != typeof(SiloEnginesGrain)
            && (type == typeof(InferenceGrain) ? SiloRoles.Inference : SiloRoles.Kernel) is var role
            && !roles.HasFlag(role)));
        if (!roles.HasFlag(SiloRoles.Kernel))
        {
            // Without a store there is nowhere to keep the subscriptions of streams; a grain of them that lands here would hold up
            // every message of its stream.
            silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.FullName == StreamsSiloBuilderExtensions.RendezvousClass));
        }
    }
}
