using System.Collections.Concurrent;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Inference.Discovery;
using LLMOS.Inference.Gguf;

namespace LLMOS.Silo.Models;

/// <summary>The models of this machine, run by llama.cpp.</summary>
internal sealed class LlamaModelBackend : IModelBackend
{
    private readonly SiloModelOptions _options;
    private readonly SiloEngines _engines;
    private readonly ModelResolver _resolver;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);

    public LlamaModelBackend(SiloModelOptions options, SiloEngines engines, TimeProvider time)
    {
        _options = options;
        _engines = engines;
        if (options.SpillFolder.Length > 0)
        {
            // It may be large, and no engine needs to come for it to go.
            LlamaCppEngine.RemoveAbandonedSpills(options.SpillFolder);
        }

        _time = time;
        _resolver = new ModelResolver(options.ToDiscovery(), DiscoveryEnvironment.Current);
    }

    public LocalEngineSource Find(string model)
    {
        // Looking through the stores of a machine takes a while; a file that is still the same is not looked for again.
        if (_found.TryGetValue(model, out var found) && Stamp(found.Source.Path) == found.Stamp)
        {
            return found.Source;
        }

        try
        {
            var asked = model == Thinker.DefaultModel ? _options.Default : model;
            var resolved = _resolver.Resolve(asked);
            var file = GgufFile.ReadModel(resolved.Path);
            var cells = EngineOptions.RoundedCells(
                _options.ContextCells > 0 ? _options.ContextCells : ModelFootprint.DefaultContextCells(file), _options.KvLayout, _options.Sequences);
            var source = new LocalEngineSource(resolved.Name, resolved.Path, file.Length, ModelFootprint.CacheBytes(file, cells), cells) { CellBytes = ModelFootprint.CellBytes(file) };
            _found[model] = new Found(source, Stamp(resolved.Path));
            return source;
        }
        catch (Exception exception) when (exception is ModelResolutionException or GgufException)
        {
            throw new LlmosException(LlmosErrorCode.NotFound, exception.Message, exception);
        }
    }

    public Task<IModelEngine> LoadAsync(LocalEngineSource model, DeviceDefinition device, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => (IModelEngine)LlamaModelEngine.Open(model, device, _options, _engines, _time),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static (DateTime Written, long Length) Stamp(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private sealed record Found(LocalEngineSource Source, (DateTime Written, long Length) Stamp);
}
