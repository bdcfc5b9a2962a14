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
    private IReadOnlyList<ModelEntry> _entries = [];
    private DateTimeOffset _listedAt;

    public IReadOnlyList<(string Name, string Description)> List() => Look().Models;

    /// <summary>The file of a model; null for one of another server, and for the default where that is no name of this list.</summary>
    public ModelEntry? Find(string name)
    {
        var wanted = name == Thinker.DefaultModel ? options.Default : name;
        return Look().Entries.FirstOrDefault(model => model.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase) || model.Path == wanted);
    }

    private (IReadOnlyList<(string Name, string Description)> Models, IReadOnlyList<ModelEntry> Entries) Look()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_models.Count == 0 || now - _listedAt > Fresh || now < _listedAt)
            {
                _entries = [.. new ModelCatalog(options.ToDiscovery(), DiscoveryEnvironment.Current).List().Where(model => model.Loads)];
                var found = _entries.Select(model => (model.Name, Describe(model)));
                var remote = options.Remote.Keys.Select(name => (name, "runs on another server"));
                _models = [.. new[] { (Thinker.DefaultModel, "what processes run that ask for none") }.Concat(remote).Concat(found).DistinctBy(model => model.Item1, StringComparer.OrdinalIgnoreCase)];
                _listedAt = now;
            }

            return (_models, _entries);
        }
    }

    private static string Describe(ModelEntry model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Architecture}, {model.Quantization}, a window of {model.ContextLength} tokens, {model.SizeBytes} bytes, found in {model.Source}");
}
