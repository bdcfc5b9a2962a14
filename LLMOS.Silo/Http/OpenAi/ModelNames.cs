using LLMOS.Cognition.Inference;
using LLMOS.Inference.Discovery;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>The models that can be asked for over HTTP: by name alone, since a path would say what files this machine has.</summary>
internal sealed class ModelNames(SiloModelOptions options, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private IReadOnlyList<string> _names = [];
    private DateTimeOffset _listedAt;

    /// <summary>All names, the default's first.</summary>
    public IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_names.Count == 0 || now - _listedAt > Fresh || now < _listedAt)
            {
                var found = new ModelCatalog(options.ToDiscovery(), DiscoveryEnvironment.Current).List().Where(model => model.Loads).Select(model => model.Name);
                _names = [.. new[] { Thinker.DefaultModel }.Concat(options.Remote.Keys).Concat(found).Distinct(StringComparer.OrdinalIgnoreCase)];
                _listedAt = now;
            }

            return _names;
        }
    }

    /// <summary>The name as the system has it.</summary>
    /// <exception cref="OpenAiException">There is no such model.</exception>
    public string Find(string name) => List().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new OpenAiException(
            StatusCodes.Status404NotFound,
            $"The model '{(name.Length <= 80 ? name : name[..80] + "…")}' does not exist here; there is {string.Join(", ", List().Take(8))}.",
            "model",
            "model_not_found");
}
