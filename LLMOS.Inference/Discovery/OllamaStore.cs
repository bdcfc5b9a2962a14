using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Inference.Discovery;

/// <summary>
/// Ollama's store: a manifest at <c>manifests/registry/namespace/model/tag</c> names the blob with the weights, which lies at
/// <c>blobs/sha256-…</c>. Models get the names that Ollama shows, after "ollama:".
/// </summary>
internal sealed partial class OllamaStore(string root) : IModelStore
{
    private const string DefaultRegistry = "registry.ollama.ai";
    private const string DefaultNamespace = "library";
    private const string ModelMediaType = "application/vnd.ollama.image.model";
    private const int MaximumManifestBytes = 1 << 20;

    public IEnumerable<FoundModel> Find()
    {
        var manifests = Path.Combine(root, "manifests");
        foreach (var manifest in Files(manifests))
        {
            if (Path.GetRelativePath(manifests, manifest).Split(Path.DirectorySeparatorChar) is not [var registry, .. var middle, var model, var tag])
                continue;
            var owner = string.Join('/', middle);
            var shown = registry != DefaultRegistry ? $"{registry}/{owner}/{model}"
                : owner != DefaultNamespace ? $"{owner}/{model}"
                : model;
            if (Read(manifest, $"ollama:{shown}:{tag}") is { } found)
                yield return found;
        }
    }

    /// <summary>The model of one manifest; null for one without weights, such as a model in the cloud.</summary>
    private FoundModel? Read(string manifest, string name)
    {
        try
        {
            if (new FileInfo(manifest).Length > MaximumManifestBytes)
                return Broken("is too large to be one");
            using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
            foreach (var layer in json.RootElement.GetProperty("layers").EnumerateArray())
            {
                if (layer.GetProperty("mediaType").GetString() != ModelMediaType)
                    continue;
                return layer.GetProperty("digest").GetString() is { } digest && Digest().IsMatch(digest)
                    ? new FoundModel(name, Path.Combine(root, "blobs", digest.Replace(':', '-')), ModelSource.Ollama)
                    : Broken("names its weights by no SHA-256 digest");
            }

            return null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Broken("is damaged");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Broken("cannot be read");
        }

        FoundModel Broken(string what) =>
            new(name, manifest, ModelSource.Ollama, $"Ollama's manifest {manifest} {what}; pull {name["ollama:".Length..]} again.");
    }

    private static string[] Files(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };
        try
        {
            string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", options) : [];
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex("^sha256:[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();
}
