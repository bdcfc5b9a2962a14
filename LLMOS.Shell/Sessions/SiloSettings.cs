using System.Globalization;
using LLMOS.Client;
using LLMOS.Silo;
using Microsoft.Extensions.Configuration;

namespace LLMOS.Shell.Sessions;

/// <summary>The silo's options from the configuration and from what the command line said.</summary>
internal static class SiloSettings
{
    /// <exception cref="LlmosException">A configured value is wrong.</exception>
    public static LlmosSiloOptions Read(SessionOptions options)
    {
        var silo = new LlmosSiloOptions();
        SiloConfiguration.Apply(Load(options), silo);
        return silo;
    }

    /// <summary>The data folder. It does not ask whether the rest of the configuration is right.</summary>
    /// <exception cref="LlmosException">A configuration file is no JSON.</exception>
    public static string Folder(SessionOptions options) => Path.GetFullPath(Load(options)["Data"] ?? UserDataFolder.Default);

    /// <summary>What the configuration says, with what the command line said before all else.</summary>
    /// <exception cref="LlmosException">A configuration file is no JSON.</exception>
    public static IConfiguration Load(SessionOptions options)
    {
        var said = new Dictionary<string, string?>();
        Say(said, "Data", options.Data);
        Say(said, "GatewayPort", options.GatewayPort?.ToString(CultureInfo.InvariantCulture));
        Say(said, "SiloPort", options.SiloPort?.ToString(CultureInfo.InvariantCulture));
        Say(said, "HttpPort", options.HttpPort?.ToString(CultureInfo.InvariantCulture));
        return SiloConfiguration.Load(said);
    }

    private static void Say(Dictionary<string, string?> said, string name, string? value)
    {
        if (value is not null)
        {
            said[name] = value;
        }
    }
}
