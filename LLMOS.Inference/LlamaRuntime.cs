using System.Runtime.InteropServices;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference;

/// <summary>The native library of this process: loaded once, its log routed to a delegate.</summary>
public static class LlamaRuntime
{
    /// <summary>The llama.cpp release whose ABI the binding is written for.</summary>
    public const string Release = "0.5.0";

    /// <summary>The environment variable that names a folder with the libraries.</summary>
    public const string LibraryVariable = "LLMOS_LLAMA_LIB";

    private static readonly Lock Loading = new();
    private static string? _libraryPath;

    /// <summary>
    /// Takes every line that llama.cpp logs; null drops them. Called on native threads, so it must be quick and thread-safe; what it throws is dropped.
    /// </summary>
    public static Action<LlamaLogLevel, string>? Log
    {
        get => LlamaLog.Sink;
        set => LlamaLog.Sink = value;
    }

    /// <summary>The folder that the libraries were loaded from; null before <see cref="EnsureLoaded"/>.</summary>
    public static string? LibraryPath => Volatile.Read(ref _libraryPath);

    /// <summary>Which CPU features and backends the loaded library uses, in llama.cpp's words.</summary>
    public static unsafe string SystemInfo
    {
        get
        {
            EnsureLoaded();
            return Marshal.PtrToStringUTF8((nint)LlamaNative.PrintSystemInfo()) ?? "";
        }
    }

    /// <summary>Loads the libraries and their backends unless that was done.</summary>
    /// <exception cref="LlamaException">They are missing, do not load or are of another release.</exception>
    public static void EnsureLoaded(LlamaRuntimeOptions? options = null)
    {
        if (Volatile.Read(ref _libraryPath) is { } loaded && options?.LibraryPath is null)
            return;
        lock (Loading)
        {
            if (_libraryPath is null)
            {
                var library = LlamaLibrary.Open(LlamaLibraryFolder.Find(options));
                LlamaLibrary.Use(library);
                Volatile.Write(ref _libraryPath, library.Folder);
                return;
            }
            if (options?.LibraryPath is { } wanted && Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted)) != _libraryPath)
            {
                throw new LlamaException(
                    LlamaError.LibraryMissing,
                    $"llama.cpp was already loaded from '{_libraryPath}', so this process cannot load it from '{wanted}' too: start another process for that.");
            }
        }
    }
}
