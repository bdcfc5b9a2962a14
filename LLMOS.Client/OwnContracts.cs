using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;

namespace LLMOS.Client;

/// <summary>What a cluster client has to know of types to speak with an LLMOS system, and no more.</summary>
/// <remarks>
/// Orleans describes the types of every assembly that it finds with the program. A program that has a silo in it, as the shell does, pays for thousands that only
/// silos exchange, with each start of a client.
/// </remarks>
internal static class OwnContracts
{
    private static readonly HashSet<Assembly> Assemblies =
    [
        typeof(LlmosException).Assembly,
        typeof(LlmosClient).Assembly,
        typeof(ClientMessagingOptions).Assembly,
        typeof(IGrain).Assembly,
        typeof(Serializer).Assembly,
        typeof(GenerateSerializerAttribute).Assembly,
    ];

    /// <summary>Takes out of a container what describes the types of other assemblies.</summary>
    public static void Keep(IServiceCollection services)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false, ImplementationType: { } provider } service
                && service.ServiceType == typeof(IConfigureOptions<TypeManifestOptions>)
                && provider.IsAssignableTo(typeof(TypeManifestProviderBase))
                && !Assemblies.Contains(provider.Assembly))
            {
                services.RemoveAt(i);
            }
        }
    }
}
