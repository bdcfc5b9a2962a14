namespace LLMOS.Silo;

/// <summary>Where a node keeps its state.</summary>
public static class DataFolder
{
    /// <summary>The environment variable that names another folder than the platform's.</summary>
    public const string Variable = "LLMOS_DATA";

    /// <summary>The folder of this user by the platform's convention.</summary>
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

    /// <summary>Makes the folder, if it is not there, and the path absolute.</summary>
    /// <exception cref="LlmosException">It cannot be made.</exception>
    public static string Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LlmosException(LlmosErrorCode.FailedPrecondition, $"The data folder '{path}' cannot be used ({exception.Message.TrimEnd('.')}): name another with --data or {Variable}.", exception);
        }
    }
}
