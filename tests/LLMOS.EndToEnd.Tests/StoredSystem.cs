using System.Collections.Immutable;
using LLMOS.Agents;
using LLMOS.Kernel;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests;

/// <summary>Looks into a data folder that no process uses now, without making anything in it work.</summary>
internal sealed class StoredSystem : IAsyncDisposable
{
    private readonly LlmosHost _host;

    private StoredSystem(LlmosHost host) => _host = host;

    public IGrainFactory Grains => _host.Grains;

    public static async Task<StoredSystem> OpenAsync(string data)
    {
        var builder = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = data });
        builder.Services.Configure<KernelOptions>(options => options.DeliverMessages = false);
        var host = builder.Build();
        await host.StartAsync();
        return new StoredSystem(host);
    }

    public Task<RunSnapshot> RunAsync(string id) => Grains.GetGrain<IAgentGroupGrain>(id).GetAsync();

    public Task<ImmutableArray<ContextEntry>> RegionAsync(string path) => Grains.GetGrain<IContextRegionGrain>(path).ReadAsync();

    public Task<ImmutableArray<LoggedMessage>> MessagesAsync(string correlation) =>
        Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { CorrelationId = correlation, Limit = 10_000 });

    public Task<ImmutableArray<ProcessControlBlock>> ProcessesAsync(string group) =>
        Grains.GetGrain<IProcessTableGrain>(0).ListAsync(new ProcessFilter { Group = group });

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}
