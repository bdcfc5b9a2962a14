using System.Globalization;
using System.Net.Sockets;
using LLMOS.Client;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Control;
using LLMOS.Silo.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace LLMOS.Silo;

/// <summary>A silo in this process: the embedded one of a shell, or one that stands alone.</summary>
public sealed class LlmosHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly SiloEndpoints _endpoints;
    private readonly SqliteStore _store;
    private ControlSocket? _control;

    internal LlmosHost(IHost host, SiloEndpoints endpoints, SqliteStore store)
    {
        _store = store;
        _host = host;
        _endpoints = endpoints;
    }

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>A client of the cluster that calls grains of this silo without a network in between.</summary>
    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    public int SiloPort => _endpoints.SiloPort;

    public int GatewayPort => _endpoints.GatewayPort;

    /// <summary>Where the dashboard and <c>/health</c> are, once the host runs; null without HTTP.</summary>
    public Uri? HttpAddress =>
        Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? new Uri(address) : null;

    /// <summary>Fires when the host is asked to stop.</summary>
    public CancellationToken Stopping => Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Starts a builder. The silo is configured by the options; more can be added before it is built.</summary>
    public static LlmosHostBuilder CreateBuilder(LlmosSiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LlmosHostBuilder(options);
    }

    /// <exception cref="LlmosException">It cannot start; the message says what is in its way.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _host.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (FindAddressInUse(exception) is { } cause)
        {
            // Somebody took a port between the look and the use.
            var http = exception is IOException ? _endpoints.Http : null;
            throw http is null
                ? LoopbackPorts.Taken(System.Net.IPAddress.Loopback, _endpoints.SiloPort, "for other silos", "--silo-port", cause)
                : LoopbackPorts.Taken(http.Address, http.Port, "for HTTP", "--http", cause);
        }
        finally
        {
            _endpoints.Dispose();
        }
    }

    /// <summary>Has <see cref="StopAsync"/> stop at once, whatever <see cref="LlmosSiloOptions.DrainGrace"/> says.</summary>
    public void SkipDrain() => Services.GetRequiredService<SiloDrain>().Skip();

    /// <summary>Says in the data folder where the silo answers, so that other programs of this machine join it, and opens its control socket there. For a system that is booted.</summary>
    /// <param name="works">Whether processes work here.</param>
    public void Announce(bool works)
    {
        var views = new ControlViews(new LlmosClient(Client), Services.GetRequiredService<IOptions<SecurityOptions>>().Value);
        _control ??= ControlSocket.Listen(_store.Folder, views.CallAsync, Services.GetRequiredService<ILogger<ControlSocket>>());
        var cluster = Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var endpoint = new SiloEndpointFile(
            Environment.ProcessId, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{GatewayPort}"), cluster.ClusterId, cluster.ServiceId, works);
        try
        {
            endpoint.Write(_store.Folder);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // It runs without it, and another program is told that the folder is in use.
        }
    }

    /// <summary>Drains the silo, if its options give it time for that, and stops it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        SiloEndpointFile.Remove(_store.Folder);
        await CloseControlAsync();
        await _host.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _endpoints.Dispose();
        await CloseControlAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
        else
        {
            _host.Dispose();
        }

        // The last, so that what grains wrote while they were deactivated is in it.
        await _store.DisposeAsync();
    }

    private ValueTask CloseControlAsync() => Interlocked.Exchange(ref _control, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Exception? FindAddressInUse(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                return exception;
            }
        }

        return null;
    }
}
