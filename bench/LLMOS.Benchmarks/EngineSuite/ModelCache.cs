using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The random models that are measured, made once: equal shapes and seeds give equal files.</summary>
internal static class ModelCache
{
    private const ulong Seed = 1;

    /// <summary>25 M parameters with the same proportions, for quick runs and long prompts.</summary>
    private static readonly ModelShape Small = new(Width: 384, Layers: 8, Heads: 6, KvHeads: 2, FeedForward: 1024, Vocabulary: 16_000, ContextLength: 4096);

    /// <summary>The path of a Q8_0 model: 125 M parameters, or 25 M for a quick run.</summary>
    public static string Find(SuiteRun run) => run.Quick ? FindSmall(run) : Find(run, "125m", ModelShape.M125);

    /// <summary>The path of the Q8_0 model of 25 M parameters.</summary>
    public static string FindSmall(SuiteRun run) => Find(run, "25m", Small);

    private static string Find(SuiteRun run, string name, ModelShape shape)
    {
        var path = Path.Combine(run.Workspace.Cache, $"random-{name}-q8_0-seed{Seed}.gguf");
        if (!File.Exists(path))
        {
            run.Say($"making a random model of {shape.ParameterCount / 1e6:0} M parameters");
            RandomModel.Write(path, shape, GgmlType.Q8_0, Seed, new RandomModelOptions { Name = $"random-{name}" });
        }

        return path;
    }
}
