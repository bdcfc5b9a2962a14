using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>Decides which folder the libraries are loaded from: what the caller says, the environment, then the program's own folder.</summary>
internal static class LlamaLibraryFolder
{
    /// <exception cref="LlamaException">A folder was named that does not exist, or there is none beside the program.</exception>
    public static string Find(LlamaRuntimeOptions? options) =>
        Find(options?.LibraryPath, Environment.GetEnvironmentVariable(LlamaRuntime.LibraryVariable), AppContext.BaseDirectory);

    internal static string Find(string? configured, string? environment, string programFolder)
    {
        if (!string.IsNullOrEmpty(configured))
            return Existing(configured, "The llama.cpp library path");
        if (!string.IsNullOrEmpty(environment))
            return Existing(environment, $"The environment variable {LlamaRuntime.LibraryVariable}");

        var root = Path.Combine(programFolder, "runtimes", "llama");
        foreach (var platform in Platforms())
        {
            var folder = Path.Combine(root, platform);
            if (Directory.Exists(folder))
                return folder;
        }
        throw new LlamaException(
            LlamaError.LibraryMissing,
            $"The llama.cpp libraries for {Host} are not in '{root}': build the project again so that npm brings them in, or name a folder that holds llama.cpp v{LlamaRuntime.Release} in {LlamaRuntime.LibraryVariable}.");
    }

    private static string Host { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "mac" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>GPU builds first: they hold the CPU backend too.</summary>
    private static string[] Platforms() => OperatingSystem.IsMacOS() ? [$"{Host}-metal", Host] : [$"{Host}-cuda", Host];

    private static string Existing(string path, string source)
    {
        if (!Directory.Exists(path))
        {
            var what = File.Exists(path) ? "is a file" : "does not exist";
            throw new LlamaException(
                LlamaError.LibraryMissing,
                $"{source} names '{path}', which {what}: give the folder that holds libllama and libggml of llama.cpp v{LlamaRuntime.Release}.");
        }
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }
}
