using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>A booted silo with HTTP and a random model whose chat template has a place for functions, beside the default model.</summary>
public class HttpSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-http-");
    private LlmosHost _host = null!;

    public Uri Address => _host.HttpAddress!;

    public LlmosClient Client { get; private set; } = null!;

    public ValueTask InitializeAsync() => StartAsync();

    /// <summary>Stops the silo and starts another one on the same data.</summary>
    public async Task RestartAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await StartAsync();
    }

    private async ValueTask StartAsync()
    {
        var options = new LlmosSiloOptions { Data = _data.FullName, HttpPort = 0 };
        options.Models.Default = ToolModel.Path;
        options.Models.Local["tools"] = ToolModel.Path;
        options.Models.Local["nano"] = Path.Combine(AppContext.BaseDirectory, "models", "nano.gguf");
        options.Models.Threads = 1;
        Configure(options);
        var builder = LlmosHost.CreateBuilder(options);
        Configure(builder);
        _host = builder.Build();
        await _host.StartAsync();
        await foreach (var _ in _host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest(), CancellationToken.None))
        {
        }

        Client = new LlmosClient(_host.Grains);
    }

    /// <summary>What a silo for other tests has beside this.</summary>
    protected virtual void Configure(LlmosSiloOptions options)
    {
    }

    /// <summary>What is put into it.</summary>
    protected virtual void Configure(LlmosHostBuilder builder)
    {
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.StopAsync();
        await _host.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
