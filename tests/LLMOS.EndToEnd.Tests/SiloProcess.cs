using LLMOS.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LLMOS.Tests;

/// <summary>A silo that stands alone, started again and again on the same data and ports.</summary>
internal sealed class SiloProcess(string data, params string[] options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly (int Silo, int Gateway, int Http) _ports = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());

    public Uri Health => new($"http://127.0.0.1:{_ports.Http}/health");

    /// <summary>What its environment has beside this one's.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Starts it and waits until it has booted.</summary>
    public async Task<ChildProcess> StartAsync()
    {
        var silo = ChildProcess.Start(
            "LLMOS.Silo.dll",
            data,
            ["--data", data, "--silo-port", $"{_ports.Silo}", "--gateway-port", $"{_ports.Gateway}", "--http", $"{_ports.Http}", .. options],
            Environment);
        await silo.WaitForAsync(text => text.Contains("dashboard", StringComparison.Ordinal), Patience, "boot to the end");
        return silo;
    }

    public async Task<Application> ConnectAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddLlmosClient(options => options.Gateways.Add($"127.0.0.1:{_ports.Gateway}"));
        var host = builder.Build();
        await host.StartAsync();
        return new Application(host);
    }

    /// <summary>An application that uses the silo.</summary>
    internal sealed class Application(IHost host) : IAsyncDisposable
    {
        public LlmosClient Client { get; } = host.Services.GetRequiredService<LlmosClient>();

        public async ValueTask DisposeAsync()
        {
            using var timeout = new CancellationTokenSource(Patience);
            try
            {
                await host.StopAsync(timeout.Token);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Its silo is gone, which is what the tests are about.
            }

            host.Dispose();
        }
    }
}
