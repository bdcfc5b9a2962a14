namespace LLMOS.Cognition.Embeddings;

/// <summary>The names of what makes the vectors of a collection.</summary>
public static class Embedders
{
    /// <summary>Whoever writes records brings their vectors, and searches are by vectors.</summary>
    public const string None = "none";

    /// <summary>What the name of a model begins with.</summary>
    public const string ModelPrefix = "model/";

    /// <summary>A model of the cluster, by the name that <c>llmos models</c> shows.</summary>
    public static string OfModel(string model) => ModelPrefix + model;
}
