using System.Runtime.InteropServices;

namespace LLMOS.Inference.Discovery;

/// <summary>What discovery looks at of the machine, so that it can look at another one in a test.</summary>
/// <param name="HomeFolder">The user's home folder.</param>
/// <param name="ApplicationFolder">The folder of the program, where the embedded model lies under <c>models/</c>.</param>
/// <param name="SystemRoot">The root of the file system, for the stores of system services.</param>
/// <param name="Platform">The operating system, which decides where caches are.</param>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
public sealed record DiscoveryEnvironment(
    string HomeFolder,
    string ApplicationFolder,
    string SystemRoot,
    OSPlatform Platform,
    Func<string, string?> Variable)
{
    /// <summary>This machine, this user, this program.</summary>
    public static DiscoveryEnvironment Current { get; } = new(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        AppContext.BaseDirectory,
        Path.GetPathRoot(AppContext.BaseDirectory) ?? "/",
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Environment.GetEnvironmentVariable);

    /// <summary>The folder that a variable names, or null when it is not set or empty.</summary>
    internal string? FolderFrom(string variable) => Variable(variable) is { } folder && !string.IsNullOrWhiteSpace(folder) ? Expand(folder) : null;

    /// <summary>The user's folder of caches, by the platform's convention.</summary>
    internal string CacheFolder =>
        Platform == OSPlatform.OSX ? Path.Combine(HomeFolder, "Library", "Caches")
        : Platform == OSPlatform.Windows ? FolderFrom("LOCALAPPDATA") ?? Path.Combine(HomeFolder, "AppData", "Local")
        : XdgCacheFolder;

    /// <summary>The folder of caches that tools born on Linux use on every platform.</summary>
    internal string XdgCacheFolder => FolderFrom("XDG_CACHE_HOME") ?? Path.Combine(HomeFolder, ".cache");

    /// <summary>The path with a leading ~ replaced by the home folder, as a shell would have done.</summary>
    public string Expand(string path) =>
        path == "~" ? HomeFolder
        : path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal) ? Path.Combine(HomeFolder, path[2..])
        : path;
}
