using LLMOS.Shell.Output;
using LLMOS.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace LLMOS.Shell.Configuration;

/// <summary>What is configured, and where each value comes from.</summary>
internal static class SettingsView
{
    private const string Secret = "(secret)";

    /// <summary>The options that are said anywhere, by their names.</summary>
    public static List<SettingRow> Rows(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var rows = new List<SettingRow>();
        foreach (var (name, value) in configuration.AsEnumerable())
        {
            if (value is not null && SiloConfigurationKeys.Find(name) is { } known)
            {
                rows.Add(new SettingRow(known, known == SiloConfigurationKeys.HttpCertificatePassword ? Secret : value, SourceOf(configuration, name)));
            }
        }

        return [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal)];
    }

    /// <summary>The last source that says an option, which is the one that holds.</summary>
    private static string SourceOf(IConfiguration configuration, string name)
    {
        var provider = (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(name, out _));
        return provider switch
        {
            MemoryConfigurationProvider => "command line",
            EnvironmentVariablesConfigurationProvider => SiloConfiguration.EnvironmentPrefix + name.Replace(":", "__", StringComparison.Ordinal),
            JsonConfigurationProvider => SiloConfiguration.FileName,
            _ => "appsettings.json",
        };
    }
}
