using System.Collections;
using System.Text.Json;
using LLMOS.Client;
using LLMOS.Silo;

namespace LLMOS.Shell.Sessions;

/// <summary>
/// The data folder, without the configuration: for commands that are over before that is loaded. It finds what <see cref="SiloSettings.Folder"/> finds, or nothing where a file
/// may say otherwise.
/// </summary>
internal static class PlainFolder
{
    /// <summary>The folder as a full path; null where it takes the configuration to tell.</summary>
    /// <param name="said">What the command line said; null for nothing.</param>
    public static string? Find(string? said) => said is not null
        ? Path.GetFullPath(said)
        : Find(Environment.GetEnvironmentVariables(), AppContext.BaseDirectory, UserDataFolder.Default);

    /// <summary>The folder where the command line said none.</summary>
    /// <param name="environment">The environment variables.</param>
    /// <param name="programFolder">The folder of the program.</param>
    /// <param name="usersFolder">The folder by the platform's convention.</param>
    internal static string? Find(IDictionary environment, string programFolder, string usersFolder)
    {
        var variables = environment.Keys.Cast<string>().Where(name => name.Equals(UserDataFolder.Variable, StringComparison.OrdinalIgnoreCase)).ToArray();
        return variables switch
        {
            [var variable] => environment[variable] is string { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            [] when !File.Exists(Path.Combine(programFolder, "appsettings.json")) && !MaySayFolder(Path.Combine(usersFolder, SiloConfiguration.FileName)) => Path.GetFullPath(usersFolder),
            _ => null,
        };
    }

    private static bool MaySayFolder(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return json.RootElement.ValueKind != JsonValueKind.Object || json.RootElement.EnumerateObject().Any(option => option.Name.Equals("Data", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return true;
        }
    }
}
