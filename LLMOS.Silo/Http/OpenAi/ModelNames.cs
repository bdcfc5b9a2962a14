using LLMOS.Cognition.Inference;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>The models that can be asked for over HTTP: by name alone, since a path would say what files this machine has.</summary>
internal sealed class ModelNames(IModelShelf shelf)
{
    /// <summary>All names, the default's first.</summary>
    public IReadOnlyList<string> List() => [.. shelf.List().Select(model => model.Name)];

    /// <summary>The name as the system has it.</summary>
    /// <exception cref="OpenAiException">There is no such model.</exception>
    public string Find(string name) => List().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new OpenAiException(
            StatusCodes.Status404NotFound,
            $"The model '{(name.Length <= 80 ? name : name[..80] + "…")}' does not exist here; there is {string.Join(", ", List().Take(8))}.",
            "model",
            "model_not_found");
}
