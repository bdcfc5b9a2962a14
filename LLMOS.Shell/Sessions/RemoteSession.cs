using LLMOS.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LLMOS.Shell.Sessions;

/// <summary>A cluster that was joined as a client.</summary>
internal sealed class RemoteSession : Session
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services;

    private RemoteSession(ServiceProvider services, string? address, string dataFolder)
    {
        _services = services;
        Address = address;
        DataFolder = dataFolder;
        Client = services.GetRequiredService<LlmosClient>();
    }

    public override LlmosClient Client { get; }

    public override string DataFolder { get; }

    /// <summary>The cluster's address; null for the silo of the data folder, which is found again by that.</summary>
    public override string? Address { get; }

    /// <exception cref="LlmosException">No silo answers there.</exception>
    public static async Task<RemoteSession> OpenAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        var address = GatewayAddress.Parse(options.Connect!).ToString();
        var silo = SiloSettings.Read(options);
        return await ConnectAsync(
            client =>
            {
                client.Gateways.Add(address);
                client.ClusterId = silo.ClusterId;
                client.ServiceId = silo.ServiceId;
            },
            address,
            Path.GetFullPath(silo.Data),
            cancellationToken);
    }

    /// <summary>Joins the silo of a data folder.</summary>
    /// <exception cref="LlmosException">It does not answer any more.</exception>
    public static Task<RemoteSession> JoinAsync(SiloEndpointFile endpoint, string dataFolder, CancellationToken cancellationToken) => ConnectAsync(
        client =>
        {
            client.Gateways.Add(endpoint.Gateway);
            client.ClusterId = endpoint.ClusterId;
            client.ServiceId = endpoint.ServiceId;
            client.ConnectTimeout = JoinLimit;
        },
        address: null,
        dataFolder,
        cancellationToken,
        new JoinedSiloFilter(endpoint, dataFolder));

    private static async Task<RemoteSession> ConnectAsync(
        Action<LlmosClientOptions> configure, string? address, string dataFolder, CancellationToken cancellationToken, JoinedSiloFilter? filter = null)
    {
        // A container without a host around it: there is nothing to configure, to log or to run but the cluster client.
        var collection = new ServiceCollection().AddLlmosClient(options =>
        {
            options.OwnContractsOnly = true;
            configure(options);
        });
        if (filter is not null)
        {
            collection.AddSingleton<IOutgoingGrainCallFilter>(filter);
        }

        var services = collection.BuildServiceProvider();
        try
        {
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StartAsync(cancellationToken);
            }

            return new RemoteSession(services, address, dataFolder);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>A name is the cluster's to resolve; a path of this machine is that of its silo too.</summary>
    public override string ModelOf(string? requested) =>
        requested is null ? "" : Address is null && File.Exists(requested) ? Path.GetFullPath(requested) : requested;

    /// <summary>Lets the connection go without waiting for it: whatever was asked has been answered, and a command that has shown its answer ends at once.</summary>
    public override ValueTask DisposeAsync()
    {
        _ = StopAsync();
        return ValueTask.CompletedTask;
    }

    private async Task StopAsync()
    {
        // On another thread, which the end of the program cuts short.
        await Task.Yield();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            foreach (var service in _services.GetServices<IHostedService>().Reverse())
            {
                await service.StopAsync(limit.Token);
            }

            await _services.DisposeAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or OrleansException or ObjectDisposedException)
        {
            // The cluster does not answer; the connection ends with this process.
        }
    }
}
