using LLMOS.Kernel.Telemetry;

namespace LLMOS.Silo.Telemetry;

/// <summary>The activity sources whose spans make up a trace.</summary>
internal static class TraceSources
{
    private const string AspNetCore = "Microsoft.AspNetCore";
    private const string OrleansPrefix = "Microsoft.Orleans.";

    /// <summary>As OpenTelemetry takes them, in which a star stands for anything.</summary>
    public static string[] Patterns => [LlmosTelemetry.Name, AspNetCore, OrleansPrefix + "*"];

    public static bool Include(string source) => source is LlmosTelemetry.Name or AspNetCore || source.StartsWith(OrleansPrefix, StringComparison.Ordinal);
}
