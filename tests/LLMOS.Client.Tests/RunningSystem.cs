using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Client.Tests;

/// <summary>A booted silo in this process with the embedded model, for the tests of a class.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-client-");
    private LlmosHost? _host;

    public LlmosClient Client => _host!.Services.GetRequiredService<LlmosClient>();

    public int GatewayPort => _host!.GatewayPort;

    public IReadOnlyList<BootProgress> Boot { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var options = new LlmosSiloOptions { Data = _data.FullName };
        options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        options.Models.Threads = 1;
        var builder = LlmosHost.CreateBuilder(options);
        builder.Services.AddLlmosClient();
        _host = builder.Build();
        await _host.StartAsync();
        Boot = await Client.BootAsync().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
