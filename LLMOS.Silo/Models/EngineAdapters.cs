using System.Collections.Concurrent;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Inference.Discovery;

namespace LLMOS.Silo.Models;

/// <summary>The configured LoRA adapters for one loaded model, each loaded when it is asked for first. Safe to use from any thread.</summary>
internal sealed class EngineAdapters(LlamaModel model, SiloModelOptions options)
{
    private readonly ConcurrentDictionary<long, IReadOnlyList<AdapterUse>> _last = new();

    /// <summary>The adapters that a request names.</summary>
    /// <exception cref="LlmosException">There is no such adapter, or it does not fit the model.</exception>
    public async ValueTask<IReadOnlyList<AdapterUse>> UseAsync(InferenceRequest request)
    {
        if (request.Adapters.IsDefaultOrEmpty)
        {
            Forget(request.Pid);
            return [];
        }

        // Loading reads a file, which is no work for a grain's turn.
        var uses = await Task.Run(() => request.Adapters.Select(selection => new AdapterUse(Load(selection.Name), selection.Scale)).ToArray());
        _last[request.Pid] = uses;
        return uses;
    }

    /// <summary>What a process's last request was computed with.</summary>
    public IReadOnlyList<AdapterUse> LastOf(long pid) => _last.GetValueOrDefault(pid, []);

    public void Forget(long pid) => _last.TryRemove(pid, out _);

    private LoraAdapter Load(string name)
    {
        if (!options.Adapters.TryGetValue(name, out var adapter))
        {
            var there = options.Adapters.Count == 0 ? "none is configured" : $"there is {string.Join(", ", options.Adapters.Keys.Order(StringComparer.OrdinalIgnoreCase))}";
            throw LlmosException.NotFound($"No adapter is called '{name}', and {there}: name one, or configure it as Models:Adapters:{name}.");
        }

        if (adapter.Base.Length > 0 && !IsBase(adapter.Base))
        {
            throw LlmosException.Refused($"The adapter '{name}' is for the model '{adapter.Base}', and this is '{model.Name}': use that model, or change Models:Adapters:{name}:Base.");
        }

        try
        {
            return model.LoadAdapter(DiscoveryEnvironment.Current.Expand(adapter.Path), name);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    // A base is named as models are: by the name it is loaded under, by one that is configured for its file, or by the file itself.
    private bool IsBase(string name) =>
        name.Equals(model.Name, StringComparison.OrdinalIgnoreCase)
        || Path.GetFullPath(DiscoveryEnvironment.Current.Expand(options.Local.GetValueOrDefault(name, name))) == model.Path;
}
