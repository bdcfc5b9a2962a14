using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace LLMOS.Inference.Interop;

/// <summary>The three libraries of one llama.cpp build, opened from one folder and checked to be the release that the binding knows.</summary>
internal sealed partial class LlamaLibrary
{
    public const string Llama = "llama";
    public const string Ggml = "ggml";
    public const string GgmlBase = "ggml-base";

    private static LlamaLibrary? _used;

    private LlamaLibrary(string folder, nint ggmlBase, nint ggml, nint llama)
    {
        Folder = folder;
        GgmlBaseModule = ggmlBase;
        GgmlModule = ggml;
        LlamaModule = llama;
    }

    public string Folder { get; }

    private nint GgmlBaseModule { get; }

    private nint GgmlModule { get; }

    private nint LlamaModule { get; }

    /// <summary>Opens the libraries of a folder. Nothing of them but <c>llama_version</c> has run when this returns.</summary>
    /// <exception cref="LlamaException">They are missing, do not load or are of another release.</exception>
    public static unsafe LlamaLibrary Open(string folder)
    {
        var main = FindMain(folder);
        var flavour = main.Groups["flavour"].Value;
        var ggmlBase = Load(folder, FileName("ggml-base", "", ""));
        var ggml = Load(folder, FileName("ggml", flavour, main.Groups["version"].Value));
        var llama = Load(folder, main.Value);

        var version = NativeLibrary.TryGetExport(llama, "llama_version", out var function)
            ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)function)())
            : null;
        CheckRelease(version, Path.Combine(folder, main.Value));
        return new LlamaLibrary(folder, ggmlBase, ggml, llama);
    }

    /// <summary>Makes this the library that the binding calls, and starts it: log, backends, backend tables.</summary>
    public static unsafe void Use(LlamaLibrary library)
    {
        if (_used is null)
            NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);
        Volatile.Write(ref _used, library);

        // Environment.SetEnvironmentVariable does not reach getenv on Unix, and ggml asks getenv.
        if (!OperatingSystem.IsWindows())
            _ = SetEnvironment("GGML_NO_BACKTRACE", "1", 1);
        LlamaNative.LogSet(&LlamaLog.OnNativeLine, null);
        NativeAbort.Install();
        using var log = LlamaLog.Capture();
        GgmlNative.BackendLoadAllFromPath(library.Folder);
        if (GgmlNative.DeviceCount() == 0)
        {
            throw new LlamaException(
                LlamaError.LibraryMissing,
                $"No ggml backend in '{library.Folder}' runs on this machine's CPU{log.Because()}: the folder should hold the libggml-cpu libraries of llama.cpp v{LlamaRuntime.Release}.");
        }
        LlamaNative.BackendInit();
    }

    /// <exception cref="LlamaException">The version is not the binding's.</exception>
    internal static void CheckRelease(string? version, string file)
    {
        // The prebuilt v0.5.0 says 0.5.0-dev, since it was not built from the tagged checkout.
        if (version?.Split('-')[0] != LlamaRuntime.Release)
        {
            throw new LlamaException(
                LlamaError.LibraryRelease,
                $"'{file}' is llama.cpp {(version is null ? "of a release that does not tell its version" : "v" + version)}, but LLMOS is built for v{LlamaRuntime.Release}, whose structures differ: install that release, or unset {LlamaRuntime.LibraryVariable} to use the one that comes with the build.");
        }
    }

    private static Match FindMain(string folder)
    {
        var found = Directory.EnumerateFiles(folder).Select(file => MainLibrary().Match(Path.GetFileName(file))).Where(match => match.Success).ToList();
        if (found.Count == 0)
        {
            throw new LlamaException(
                LlamaError.LibraryMissing,
                $"'{folder}' holds no llama library ({FileName("llama", "", "")}): it should hold libllama and libggml of llama.cpp v{LlamaRuntime.Release}.");
        }
        var fitting = found
            .Where(match => match.Groups["release"].Value is "" or LlamaRuntime.Release)
            .OrderByDescending(match => match.Groups["release"].Length)
            .ThenBy(match => match.Value, StringComparer.Ordinal)
            .FirstOrDefault();
        if (fitting is null)
            CheckRelease(found[0].Groups["release"].Value, Path.Combine(folder, found[0].Value));
        return fitting!;
    }

    private static nint Load(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new LlamaException(
                LlamaError.LibraryMissing,
                $"'{path}' is missing beside the other llama.cpp libraries: copy all of one build of llama.cpp v{LlamaRuntime.Release} into that folder.");
        }
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new LlamaException(
                LlamaError.LibraryMissing,
                $"'{path}' does not load here ({OneLine(exception.Message)}): it has to be built for {RuntimeInformation.RuntimeIdentifier}.",
                exception);
        }
    }

    private static string OneLine(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (lines.FirstOrDefault(line => line.Contains(": ", StringComparison.Ordinal) && line.StartsWith('/')) ?? lines[0]).TrimEnd('.');
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name is not (Llama or Ggml or GgmlBase))
            return 0;
        if (Volatile.Read(ref _used) is not { } library)
            throw new LlamaException(LlamaError.LibraryMissing, "llama.cpp is not loaded: call LlamaRuntime.EnsureLoaded() first.");
        return name switch
        {
            Llama => library.LlamaModule,
            Ggml => library.GgmlModule,
            _ => library.GgmlBaseModule,
        };
    }

    private static string FileName(string name, string flavour, string version) =>
        OperatingSystem.IsWindows() ? $"{name}{flavour}{version}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}{flavour}{version}.dylib"
        : $"lib{name}{flavour}{version}.so";

    [GeneratedRegex(@"^(lib)?llama(?<flavour>\.(cuda|metal|vulkan))?(?<version>\.v(?<release>\d+\.\d+\.\d+))?\.(so|dylib|dll)$", RegexOptions.CultureInvariant)]
    private static partial Regex MainLibrary();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
