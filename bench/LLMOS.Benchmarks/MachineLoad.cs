using System.Globalization;

namespace LLMOS.Benchmarks;

/// <summary>How busy the machine is besides: figures of a busy machine are rough.</summary>
internal static class MachineLoad
{
    private const string LoadAverage = "/proc/loadavg";

    /// <summary>The load averages of the last 1, 5 and 15 minutes, where the system tells them.</summary>
    public static string Describe()
    {
        var cores = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        return File.Exists(LoadAverage)
            ? $"{string.Join(' ', File.ReadAllText(LoadAverage).Split(' ')[..3])} on {cores} cores"
            : $"not known, {cores} cores";
    }
}
