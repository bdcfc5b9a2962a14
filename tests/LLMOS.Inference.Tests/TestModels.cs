using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests;

/// <summary>Random models, made once a run in a folder of their own and loaded once.</summary>
internal static class TestModels
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("llmos-models-").FullName;

    private static readonly Lazy<LlamaModel> LoadedF32 = new(() => LlamaModel.Load(Path(GgmlType.F32)));
    private static readonly Lazy<LlamaModel> LoadedMultibyte = new(() => LlamaModel.Load(Path(GgmlType.F32, new RandomModelOptions { MultibyteText = true, Name = "multibyte" })));

    private static readonly Lazy<LlamaModel> LoadedNano = new(() => LlamaModel.Load(System.IO.Path.Combine(AppContext.BaseDirectory, "models", "nano.gguf")));
    private static readonly Lazy<LlamaModel> LoadedTiny = new(() => LlamaModel.Load(System.IO.Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf")));

    static TestModels() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>Two layers, so that tests are quick.</summary>
    public static ModelShape Shape { get; } = new(Width: 64, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 128, Vocabulary: 1024, ContextLength: 4096);

    public static LlamaModel F32 => LoadedF32.Value;

    public static LlamaModel Multibyte => LoadedMultibyte.Value;

    /// <summary>The trained default model.</summary>
    public static LlamaModel Nano => LoadedNano.Value;

    /// <summary>The random model of the repository.</summary>
    public static LlamaModel Tiny => LoadedTiny.Value;

    public static string Path(GgmlType type, RandomModelOptions? options = null, ModelShape? shape = null)
    {
        lock (Folder)
        {
            var path = System.IO.Path.Combine(Folder, $"{options?.Name ?? "plain"}-{options?.Architecture ?? "llama"}-{type}-{(shape ?? Shape).GetHashCode():x8}.gguf");
            if (!File.Exists(path))
                RandomModel.Write(path, shape ?? Shape, type, seed: 1, options);
            return path;
        }
    }

    /// <summary>A path in the run's folder for a file that a test makes itself.</summary>
    public static string NewPath(string name) => System.IO.Path.Combine(Folder, $"{Guid.NewGuid():n}-{name}");
}
