using LLMOS.Cognition.Inference;

namespace LLMOS.Silo.Models;

/// <summary>Knows what the names of models stand for on this silo.</summary>
internal sealed class ModelRegistry(SiloModelOptions options, IModelBackend backend)
{
    public bool IsRemote(string model) => options.Remote.ContainsKey(Canonical(model));

    /// <summary>Where a model comes from. Reads the head of its file, when it has one.</summary>
    /// <exception cref="LlmosException">There is no such model.</exception>
    public EngineSource Find(string model)
    {
        var name = Canonical(model);
        return options.Remote.TryGetValue(name, out var remote)
            ? new RemoteEngineSource(name, remote)
            : backend.Find(name);
    }

    // The default may itself be a remote model.
    private string Canonical(string model) =>
        model == Thinker.DefaultModel && options.Default.Length > 0 ? options.Default : model;
}
