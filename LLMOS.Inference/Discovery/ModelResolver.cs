using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Discovery;

/// <summary>
/// Finds the model that is meant: the one asked for, else the one that LLMOS_MODEL names, else the configured "default", else
/// the embedded one. What is asked for is a path or a name; names are looked up in the configuration, then among the models on
/// this machine.
/// </summary>
public sealed class ModelResolver
{
    /// <summary>The environment variable that names a model when the command line does not.</summary>
    public const string VariableName = "LLMOS_MODEL";

    private const int NamesInASentence = 6;

    private readonly ModelDiscoveryOptions _options;
    private readonly DiscoveryEnvironment _environment;
    private readonly ModelCatalog _catalog;

    /// <summary>A resolver over the same configuration and machine as <see cref="ModelCatalog"/>.</summary>
    public ModelResolver(ModelDiscoveryOptions options, DiscoveryEnvironment environment)
    {
        _options = options;
        _environment = environment;
        _catalog = new ModelCatalog(options, environment);
    }

    /// <summary>The model for <paramref name="requested"/>, a path or a name; null or blank when nobody asked for one.</summary>
    /// <exception cref="ModelResolutionException">There is none, or it would not load.</exception>
    public ResolvedModel Resolve(string? requested)
    {
        if (!string.IsNullOrWhiteSpace(requested))
            return Find(requested.Trim(), ModelOrigin.Requested, "");
        if (_environment.Variable(VariableName) is { } variable && !string.IsNullOrWhiteSpace(variable))
            return Find(variable.Trim(), ModelOrigin.Environment, $"{VariableName} is '{variable.Trim()}'. ");
        if (_options.Names.TryGetValue(ModelDiscoveryOptions.DefaultName, out var configured))
            return Read(ModelDiscoveryOptions.DefaultName, configured, ModelOrigin.Configured, "");
        return Read(EmbeddedModel.Name, EmbeddedModel.PathIn(_environment), ModelOrigin.Embedded, "No model was named, so the embedded one is used. ");
    }

    private ResolvedModel Find(string requested, ModelOrigin origin, string preface)
    {
        var path = _environment.Expand(requested);
        if (_options.Names.FirstOrDefault(name => Same(name.Key, requested)) is { Key: { } spelled, Value: var configured } && !LooksLikePath(requested))
            return Read(spelled, configured, origin, preface);
        if (File.Exists(path) || Directory.Exists(path))
            return Read(null, path, origin, preface);

        var models = _catalog.List();
        var named = Named(models, requested);
        if (named.Count > 1)
        {
            throw new ModelResolutionException(
                $"{preface}Several models are called '{requested}': {Sentence([.. named.Select(model => model.Name)])}. Ask for one by its whole name or its path.");
        }

        if (named.Count > 0)
            return Read(named[0].Name, named[0].Path, origin, preface);
        var looked = LooksLikePath(requested) ? $"There is no file {path}, and no model has that name." : $"No model is called '{requested}'.";
        var usable = models.Where(model => model.Loads).Select(model => model.Name).ToArray();
        var there = usable.Length == 0 ? "There are no models on this machine" : $"There is {Sentence(usable)}";
        throw new ModelResolutionException($"{preface}{looked} {there}; name one of them or the path of a GGUF file (`llmos models` lists them).");
    }

    private ResolvedModel Read(string? name, string path, ModelOrigin origin, string preface)
    {
        var full = Path.GetFullPath(_environment.Expand(path));
        try
        {
            var file = GgufFile.ReadModel(full);
            return new ResolvedModel(name ?? GgufSplit.OfName(full)?.Name ?? Path.GetFileNameWithoutExtension(full), full, origin, file.Summary);
        }
        catch (GgufException defect)
        {
            var called = name is null || origin == ModelOrigin.Embedded ? "" : $"The model '{name}' does not load. ";
            throw new ModelResolutionException(preface + called + defect.Message, defect);
        }
    }

    /// <summary>
    /// The models that a name means: those of exactly that name, else of that name behind their source, else of that file name;
    /// Ollama's tag "latest" may be left out, and an extension may be there. One that loads stands before others that do not.
    /// </summary>
    private static List<ModelEntry> Named(IReadOnlyList<ModelEntry> models, string requested)
    {
        var bare = requested.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? requested[..^5] : requested;
        Func<ModelEntry, bool>[] readings =
        [
            model => Same(model.Name, bare),
            model => Same(model.Name, bare + ":latest"),
            model => Same(AfterSource(model), bare),
            model => Same(AfterSource(model), bare + ":latest"),
            model => Same(model.Name[(model.Name.LastIndexOf('/') + 1)..], bare),
        ];
        var named = readings.Select(reading => models.Where(reading).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
        return named.Exists(model => model.Loads) ? named.FindAll(model => model.Loads) : named;
    }

    private static string AfterSource(ModelEntry model) =>
        model.Source is ModelSource.Configured or ModelSource.Embedded ? model.Name : model.Name[(model.Name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private static bool LooksLikePath(string value) =>
        value.Contains('/') || value.Contains('\\') || value.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static string Sentence(string[] names) => names.Length <= NamesInASentence
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamesInASentence))} and {names.Length - NamesInASentence} more";
}
