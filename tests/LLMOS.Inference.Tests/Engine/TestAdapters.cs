using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Random adapters for the F32 test model, and the same model with them merged in.</summary>
internal static class TestAdapters
{
    public static RandomLora Random(ulong seed, ModelShape? shape = null) => new(shape ?? TestModels.Shape, new LoraOptions { Seed = seed, Name = $"lora {seed}", Rank = 4, Alpha = 8 });

    public static string Path(ulong seed, LoraOptions? options = null, ModelShape? shape = null)
    {
        var path = TestModels.NewPath($"lora-{seed}.gguf");
        (options is null ? Random(seed, shape) : new RandomLora(shape ?? TestModels.Shape, options)).Write(path);
        return path;
    }

    /// <summary>An adapter of the F32 test model; of one seed always the same.</summary>
    public static LoraAdapter Of(ulong seed)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(seed, out var adapter))
                Loaded.Add(seed, adapter = TestModels.F32.LoadAdapter(Path(seed)));
            return adapter;
        }
    }

    public static LlamaModel Merged(string name, params MergedLora[] merged) =>
        LlamaModel.Load(TestModels.Path(GgmlType.F32, new RandomModelOptions { Name = name, Merged = merged }));

    private static Dictionary<ulong, LoraAdapter> Loaded { get; } = [];
}
