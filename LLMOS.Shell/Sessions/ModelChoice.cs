using LLMOS.Inference.Discovery;
using LLMOS.Silo.Models;

namespace LLMOS.Shell.Sessions;

/// <summary>What the names of models stand for on this machine, known before a silo is started for them.</summary>
internal sealed class ModelChoice(SiloModelOptions options)
{
    /// <summary>The model that processes think with when they name none; null for one that a server elsewhere runs.</summary>
    /// <param name="requested">The one that was asked for; null for the configured one.</param>
    /// <exception cref="LlmosException">There is no such model, or it would not load.</exception>
    public ResolvedModel? Default(string? requested) =>
        requested is not null ? Find(requested)
        : options.Default.Length > 0 ? Find(options.Default)
        : Resolve(null);

    /// <summary>The file of a model; null for one that a server elsewhere runs.</summary>
    /// <exception cref="LlmosException">There is no such model, or it would not load.</exception>
    public ResolvedModel? Find(string requested) => options.Remote.ContainsKey(requested) ? null : Resolve(requested);

    /// <summary>The models of the configuration and of this machine, those of servers elsewhere left out.</summary>
    public IReadOnlyList<ModelEntry> List() => new ModelCatalog(options.ToDiscovery(), DiscoveryEnvironment.Current).List();

    private ResolvedModel Resolve(string? requested)
    {
        try
        {
            return new ModelResolver(options.ToDiscovery(), DiscoveryEnvironment.Current).Resolve(requested);
        }
        catch (ModelResolutionException unresolved)
        {
            throw new LlmosException(LlmosErrorCode.NotFound, unresolved.Message, unresolved);
        }
    }
}
