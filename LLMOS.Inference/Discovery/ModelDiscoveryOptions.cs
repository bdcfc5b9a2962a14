namespace LLMOS.Inference.Discovery;

/// <summary>What the configuration says about models.</summary>
public sealed class ModelDiscoveryOptions
{
    /// <summary>The configured name that is used when nobody asks for a model.</summary>
    public const string DefaultName = "default";

    /// <summary>Names and the GGUF files that they stand for. The name "default" stands before the embedded model.</summary>
    public IDictionary<string, string> Names { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Folders that are searched, with those in them, for GGUF files.</summary>
    public IList<string> Folders { get; } = [];
}
