using System.Globalization;
using LLMOS.Cognition.Inference;
using LLMOS.Inference.Discovery;

namespace LLMOS.Silo.Models;

/// <summary>The models of this machine and of the configuration. Looking takes a while, so what was found is good for a few seconds.</summary>
internal sealed class ModelShelf(SiloModelOptions options, TimeProvider time) : IModelShelf
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private IReadOnlyList<(string Name, string Description)> _models = [];
    private DateTimeOffset _listedAt;

    public IReadOnlyList<(string Name, string Description)> List()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_models.Count == 0 || now - _listedAt > Fresh || now < _listedAt)
            {
                var found = new ModelCatalog(options.ToDiscovery(), DiscoveryEnvironment.Current).List().Where(model => model.Loads).Select(model => (model.Name, Describe(model)));
                var remote = options.Remote.Keys.Select(name => (name, "runs on another server"));
                _models = [.. new[] { (Thinker.DefaultModel, "what processes run that ask for none") }.Concat(remote).Concat(found).DistinctBy(model => model.Item1, StringComparer.OrdinalIgnoreCase)];
                _listedAt = now;
            }

            return _models;
        }
    }

    private static string Describe(ModelEntry model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Architecture}, {model.Quantization}, a window of {model.ContextLength} tokens, {model.SizeBytes} bytes, found in {model.Source}");
}
