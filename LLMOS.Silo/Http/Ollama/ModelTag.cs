using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>Models as Ollama's clients name them: with a tag, of which <c>latest</c> is the one that goes without saying.</summary>
internal static class ModelTag
{
    private const string Latest = ":latest";

    /// <summary>The name without the tag that goes without saying, unless a model has that in its name.</summary>
    public static string Of(string name, ModelNames models) =>
        name.EndsWith(Latest, StringComparison.Ordinal) && !models.List().Contains(name, StringComparer.OrdinalIgnoreCase) ? name[..^Latest.Length] : name;
}
