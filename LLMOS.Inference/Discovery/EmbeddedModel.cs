namespace LLMOS.Inference.Discovery;

/// <summary>The model that comes with LLMOS and is used when nobody names another.</summary>
public static class EmbeddedModel
{
    /// <summary>The name to ask for it by.</summary>
    public const string Name = "nano";

    /// <summary>Its file, under the program's own folder.</summary>
    public static string PathIn(DiscoveryEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Path.Combine(environment.ApplicationFolder, "models", Name + ".gguf");
    }
}
