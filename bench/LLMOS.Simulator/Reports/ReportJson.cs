using System.Text.Json;

namespace LLMOS.Simulator.Reports;

/// <summary>Figures as JSON: an object with the lists classes and totals. Times are in seconds.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Why a file cannot be written, known before anything is simulated; null when it can.</summary>
    public static string? WhyNotWritable(string path)
    {
        try
        {
            var isNew = !File.Exists(path);
            File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (isNew)
                File.Delete(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"The figures cannot be written to '{path}' ({exception.Message.TrimEnd('.')}): name another file with --json.";
        }
    }

    public static string Of(SimulationFigures figures) => JsonSerializer.Serialize(new { figures.Classes, figures.Totals }, Options);
}
