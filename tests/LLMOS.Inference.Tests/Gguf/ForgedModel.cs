using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Gguf;

internal static class ForgedModel
{
    /// <summary>Writes a random model, and stops when the test run stops.</summary>
    public static void Write(string path, ModelShape shape, GgmlType type, ulong seed = 1, RandomModelOptions? options = null) =>
        RandomModel.Write(path, shape, type, seed, options, TestContext.Current.CancellationToken);
}
