namespace LLMOS.Benchmarks.Tests;

/// <summary>A folder for scripts that stand in for what is outside; it goes when the test ends.</summary>
internal sealed class ScriptFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("llmos-bench-test-").FullName;

    /// <summary>Writes a file that may be executed, and returns its path.</summary>
    public string Add(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
