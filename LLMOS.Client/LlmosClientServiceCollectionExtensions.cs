using LLMOS;
using LLMOS.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an <see cref="LlmosClient"/> to a container.</summary>
public static class LlmosClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="LlmosClient"/>. With gateways in the options the container gets a cluster client that connects
    /// when the host starts; without, the client works over the grain factory of the container, such as that of a silo
    /// in the same host.
    /// </summary>
    /// <exception cref="LlmosException">An option is wrong; the message names it.</exception>
    public static IServiceCollection AddLlmosClient(this IServiceCollection services, Action<LlmosClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new LlmosClientOptions();
        configure?.Invoke(options);
        if (options.Gateways.Count > 0)
        {
            AddClusterClient(services, options);
        }

        services.TryAddSingleton(provider => new LlmosClient(
            provider.GetService<IClusterClient>() ?? provider.GetService<IGrainFactory>() ?? throw LlmosException.InvalidArgument(
                "The container has neither gateways to connect to nor a silo: name Gateways in AddLlmosClient, or add a silo to the same host.")));
        return services;
    }

    private static void AddClusterClient(IServiceCollection services, LlmosClientOptions options)
    {
        if (options.ConnectTimeout <= TimeSpan.Zero)
        {
            throw LlmosException.InvalidArgument($"ConnectTimeout is {options.ConnectTimeout}: use a positive time.");
        }

        var addresses = options.Gateways.Select(GatewayAddress.Parse).ToArray();
        var endpoints = addresses.SelectMany(address => address.Resolve()).ToArray();
        var gateways = string.Join(", ", addresses.Select(address => address.ToString()));
        services.AddSingleton<IOutgoingGrainCallFilter>(new LostCallFilter(gateways));
        services.AddOrleansClient(client =>
        {
            client.UseStaticClustering(endpoints);
            client.AddActivityPropagation();
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            client.UseConnectionRetryFilter(new GatewayConnectionRetry(gateways, options.ConnectTimeout));
        });
        if (options.OwnContractsOnly)
        {
            OwnContracts.Keep(services);
        }
    }
}
