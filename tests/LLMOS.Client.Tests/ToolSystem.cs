using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Client.Tests;

/// <summary>A booted silo in this process with a model that calls functions, for the tests of a class.</summary>
public sealed class ToolSystem : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-client-tools-");
    private LlmosHost? _host;

    public LlmosClient Client => _host!.Services.GetRequiredService<LlmosClient>();

    public async ValueTask InitializeAsync()
    {
        var options = new LlmosSiloOptions { Data = _data.FullName };
        options.Models.Default = ToolModel.Path;
        options.Models.Threads = 1;
        var builder = LlmosHost.CreateBuilder(options);
        builder.Services.AddLlmosClient();
        _host = builder.Build();
        await _host.StartAsync();
        await Client.BootAsync().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
