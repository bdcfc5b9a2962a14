namespace LLMOS.Client;

/// <summary>Where the state of a user's node lies when nothing else is said.</summary>
public static class UserDataFolder
{
    /// <summary>The environment variable that names another folder than the platform's.</summary>
    public const string Variable = "LLMOS_DATA";

    /// <summary>
    /// The folder by the platform's convention: <c>$XDG_DATA_HOME/llmos</c> or <c>~/.local/share/llmos</c>,
    /// <c>~/Library/Application Support/llmos</c>, <c>%LOCALAPPDATA%\llmos</c>.
    /// </summary>
    public static string Default
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsWindows())
            {
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "llmos");
            }

            if (OperatingSystem.IsMacOS())
            {
                return Path.Combine(home, "Library", "Application Support", "llmos");
            }

            // The XDG base directories: a relative path in the variable is to be ignored.
            var dataHome = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return Path.Combine(Path.IsPathFullyQualified(dataHome ?? "") ? dataHome! : Path.Combine(home, ".local", "share"), "llmos");
        }
    }
}
