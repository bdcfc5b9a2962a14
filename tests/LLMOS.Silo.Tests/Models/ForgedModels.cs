using LLMOS.Inference.Gguf;
using LLMOS.Silo.Models;
using ModelForge;

namespace LLMOS.Silo.Tests.Models;

/// <summary>Small random models in a folder of their own, each with a name that a silo is told.</summary>
internal sealed class ForgedModels : IDisposable
{
    public const int Cells = 4096;

    private readonly TempFolder _folder = new();
    private ulong _seed;

    public static ModelShape Shape { get; } = new(Width: 64, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 128, Vocabulary: 1024, ContextLength: 4096);

    public Dictionary<string, string> Paths { get; } = [];

    /// <summary>Models of the same size.</summary>
    public static ForgedModels Of(params string[] names)
    {
        var models = new ForgedModels();
        foreach (var name in names)
        {
            models.Add(name);
        }

        return models;
    }

    public string Add(string name, RandomModelOptions? options = null, ulong? seed = null)
    {
        var path = _folder.File(name + ".gguf");
        RandomModel.Write(path, Shape, GgmlType.F32, seed ?? ++_seed, (options ?? new RandomModelOptions()) with { Name = name });
        return Paths[name] = path;
    }

    public string AddAdapter(string name, LoraOptions options, ModelShape? shape = null)
    {
        var path = _folder.File(name + ".gguf");
        new RandomLora(shape ?? Shape, options).Write(path);
        return path;
    }

    public void Configure(SiloModelOptions options)
    {
        options.ContextCells = Cells;
        options.Threads = 1;
        options.Default = Paths.Values.First();
        foreach (var (name, path) in Paths)
        {
            options.Local[name] = path;
        }
    }

    /// <summary>A device with memory for so many of them and a half.</summary>
    public DeviceSelection RoomFor(int models)
    {
        var options = new SiloModelOptions { ContextCells = Cells };
        var need = new LlamaModelBackend(options, new SiloEngines(), TimeProvider.System).Find(Paths.Values.First()).MemoryBytes;
        return DeviceSelection.Of(new DeviceDefinition { Name = "gpu", Backend = "CPU", IsGpu = true, MemoryBytes = (models * need) + (need / 2) });
    }

    public void Dispose() => _folder.Dispose();
}
