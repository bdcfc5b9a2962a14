using LLMOS.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LLMOS.Shell.Sessions;

/// <summary>A cluster that was joined as a client.</summary>
internal sealed class RemoteSession : Session
{
    private readonly IHost _host;

    private RemoteSession(IHost host, string address, string dataFolder)
    {
        _host = host;
        Address = address;
        DataFolder = dataFolder;
        Client = host.Services.GetRequiredService<LlmosClient>();
    }

    public override LlmosClient Client { get; }

    public override string DataFolder { get; }

    public override string Address { get; }

    /// <exception cref="LlmosException">No silo answers there.</exception>
    public static async Task<RemoteSession> OpenAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        var address = GatewayAddress.Parse(options.Connect!).ToString();
        var silo = SiloSettings.Read(options);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "llmos" });
        builder.Services.AddLlmosClient(client =>
        {
            client.Gateways.Add(address);
            client.ClusterId = silo.ClusterId;
            client.ServiceId = silo.ServiceId;
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new RemoteSession(host, address, Path.GetFullPath(silo.Data));
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A name is the cluster's to resolve.</summary>
    public override string ModelOf(string? requested) => requested ?? "";

    public override async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _host.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The cluster does not answer; the connection ends with this process.
        }

        _host.Dispose();
    }
}
