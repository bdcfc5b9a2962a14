using LLMOS.Client;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Benchmarks;

/// <summary>A booted LLMOS silo in this process, configured as the shell configures its own.</summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    private readonly LlmosHost _host;

    private BenchmarkSilo(LlmosHost host)
    {
        _host = host;
        Client = new LlmosClient(host.Grains);
    }

    public LlmosClient Client { get; }

    public IGrainFactory Grains => _host.Grains;

    public IServiceProvider Services => _host.Services;

    /// <summary>Where its HTTP is; null without.</summary>
    public Uri? HttpAddress => _host.HttpAddress;

    /// <summary>Lets other programs of this machine find it by its data folder.</summary>
    public void Announce() => _host.Announce(works: true);

    /// <summary>Starts and boots one.</summary>
    /// <param name="options">How it runs; its data folder is new and empty.</param>
    /// <param name="loadModel">Whether boot loads the default model.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <param name="configure">What else is put into it.</param>
    public static async Task<BenchmarkSilo> StartAsync(
        LlmosSiloOptions options, bool loadModel, CancellationToken cancellationToken, Action<LlmosHostBuilder>? configure = null)
    {
        var builder = LlmosHost.CreateBuilder(options);
        configure?.Invoke(builder);
        var silo = new BenchmarkSilo(builder.Build());
        try
        {
            await silo._host.StartAsync(cancellationToken);
            await foreach (var _ in silo.Client.BootAsync(new BootRequest { LoadModel = loadModel }, cancellationToken))
            {
                // Each stage in its turn.
            }

            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }
}
