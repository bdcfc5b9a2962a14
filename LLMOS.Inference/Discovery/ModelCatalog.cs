using System.Runtime.InteropServices;
using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Discovery;

/// <summary>
/// The GGUF models on this machine: those of the configuration, of Ollama, LM Studio, llama.cpp and Hugging Face, and the
/// embedded one. A file that is found twice is listed once, a split model once with the size of all its parts, and a vision
/// projector not at all.
/// </summary>
public sealed class ModelCatalog
{
    private readonly IReadOnlyList<IModelStore> _stores;

    /// <summary>A catalog of what <paramref name="environment"/> has, with the names and folders of <paramref name="options"/>.</summary>
    public ModelCatalog(ModelDiscoveryOptions options, DiscoveryEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        _stores = [.. Stores(options, environment)];
    }

    /// <summary>Looks through the machine and reads every model's header. Broken files are listed with the reason.</summary>
    public IReadOnlyList<ModelEntry> List()
    {
        var entries = new List<ModelEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var found in _stores.SelectMany(store => store.Find()))
        {
            if (GgufSplit.OfName(found.Path) is { Number: > 1 } || IsProjectorByName(found.Path) || !seen.Add(GgufFolder.FinalPath(found.Path)))
                continue;
            if (Inspect(found) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    private static IEnumerable<IModelStore> Stores(ModelDiscoveryOptions options, DiscoveryEnvironment environment)
    {
        yield return new NamedFileStore(
            options.Names.Select(name => KeyValuePair.Create(name.Key, Path.GetFullPath(environment.Expand(name.Value)))), ModelSource.Configured);
        foreach (var folder in options.Folders)
            yield return new FolderStore(Path.GetFullPath(environment.Expand(folder)), ModelSource.Configured, "");

        if (environment.FolderFrom("OLLAMA_MODELS") is { } ollama)
        {
            yield return new OllamaStore(ollama);
        }
        else
        {
            yield return new OllamaStore(Path.Combine(environment.HomeFolder, ".ollama", "models"));
            if (environment.Platform == OSPlatform.Linux)
                yield return new OllamaStore(Path.Combine(environment.SystemRoot, "usr", "share", "ollama", ".ollama", "models"));
        }

        yield return new FolderStore(Path.Combine(environment.HomeFolder, ".lmstudio", "models"), ModelSource.LmStudio, "lmstudio:");
        yield return new FolderStore(Path.Combine(environment.HomeFolder, ".cache", "lm-studio", "models"), ModelSource.LmStudio, "lmstudio:");
        yield return new FolderStore(
            environment.FolderFrom("LLAMA_CACHE") ?? Path.Combine(environment.CacheFolder, "llama.cpp"), ModelSource.LlamaCpp, "llama.cpp:");
        yield return new HuggingFaceStore(
            environment.FolderFrom("HF_HUB_CACHE")
            ?? environment.FolderFrom("HUGGINGFACE_HUB_CACHE")
            ?? Path.Combine(environment.FolderFrom("HF_HOME") ?? Path.Combine(environment.XdgCacheFolder, "huggingface"), "hub"));
        yield return new NamedFileStore([KeyValuePair.Create(EmbeddedModel.Name, EmbeddedModel.PathIn(environment))], ModelSource.Embedded);
    }

    private static ModelEntry? Inspect(FoundModel found)
    {
        if (found.Defect is not null)
            return new ModelEntry(found.Name, found.Path, found.Source, 0, null, null, null, found.Defect);
        var split = GgufSplit.OfName(found.Path);
        var name = split is null ? found.Name : found.Name.Replace(Path.GetFileNameWithoutExtension(found.Path), split.Name, StringComparison.Ordinal);
        var size = split is null ? Size(found.Path) : Enumerable.Range(1, split.Count).Sum(number => Size(split.PathOf(number)));
        var unread = new ModelEntry(name, found.Path, found.Source, size, null, null, null, null);
        try
        {
            var file = GgufFile.Read(found.Path);
            var defect = file.Defect();
            return defect?.Problem == GgufProblem.NotALanguageModel
                ? null
                : unread with
                {
                    Architecture = file.Summary.Architecture,
                    Quantization = file.Summary.Quantization,
                    ContextLength = file.Summary.ContextLength,
                    Defect = defect?.Message,
                };
        }
        catch (GgufException defect)
        {
            return unread with { Defect = defect.Message };
        }
    }

    private static bool IsProjectorByName(string path) => Path.GetFileName(path).StartsWith("mmproj", StringComparison.OrdinalIgnoreCase);

    private static long Size(string path)
    {
        try
        {
            return new FileInfo(GgufFolder.FinalPath(path)) is { Exists: true } file ? file.Length : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
