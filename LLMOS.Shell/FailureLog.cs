using System.Globalization;

namespace LLMOS.Shell;

/// <summary>Keeps the details of an error that should not happen, for whoever mends it.</summary>
internal static class FailureLog
{
    /// <returns>The path of the file, in the data folder's logs or, where that cannot be written, in the temporary folder.</returns>
    public static string Write(string? dataFolder, Exception exception)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"failure-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        string?[] folders = [dataFolder is null ? null : Path.Combine(dataFolder, "logs"), Path.GetTempPath()];
        foreach (var folder in folders.OfType<string>())
        {
            try
            {
                Directory.CreateDirectory(folder);
                var path = Path.Combine(folder, name);
                File.WriteAllText(path, exception.ToString() + Environment.NewLine);
                return path;
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                // The next folder may take it.
            }
        }

        return "no file, because none could be written";
    }
}
