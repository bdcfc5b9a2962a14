using System.Globalization;
using LLMOS.Silo;

namespace LLMOS.Shell.Sessions;

/// <summary>The silo's options from the configuration and from what the command line said.</summary>
internal static class SiloSettings
{
    /// <exception cref="LlmosException">A configured value is wrong.</exception>
    public static LlmosSiloOptions Read(SessionOptions options)
    {
        var said = new Dictionary<string, string?>();
        Say(said, "Data", options.Data);
        Say(said, "GatewayPort", options.GatewayPort?.ToString(CultureInfo.InvariantCulture));
        Say(said, "SiloPort", options.SiloPort?.ToString(CultureInfo.InvariantCulture));
        Say(said, "HttpPort", options.HttpPort?.ToString(CultureInfo.InvariantCulture));
        var silo = new LlmosSiloOptions();
        SiloConfiguration.Apply(SiloConfiguration.Load(said), silo);
        return silo;
    }

    private static void Say(Dictionary<string, string?> said, string name, string? value)
    {
        if (value is not null)
        {
            said[name] = value;
        }
    }
}
