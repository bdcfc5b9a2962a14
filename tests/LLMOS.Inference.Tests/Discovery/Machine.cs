using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LLMOS.Inference.Discovery;
using LLMOS.Inference.Gguf;
using LLMOS.Inference.Tests.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Discovery;

/// <summary>A made-up machine: a home folder, a program folder and environment variables, with real files in them.</summary>
internal sealed class Machine : IDisposable
{
    private static readonly ModelShape Small = new(Width: 32, Layers: 1, Heads: 2, KvHeads: 1, FeedForward: 32, Vocabulary: 360, ContextLength: 128);

    private readonly TemporaryFolder _folder = new();

    public Dictionary<string, string> Variables { get; } = [];

    public ModelDiscoveryOptions Options { get; } = new();

    public OSPlatform Platform { get; set; } = OSPlatform.Linux;

    public string Home => Path.Combine(_folder.Path, "home");

    public DiscoveryEnvironment Environment =>
        new(Home, Path.Combine(_folder.Path, "program"), Path.Combine(_folder.Path, "root"), Platform, Variables.GetValueOrDefault);

    public ModelCatalog Catalog => new(Options, Environment);

    public ModelResolver Resolver => new(Options, Environment);

    public string File(params string[] parts) => _folder.File(parts);

    /// <summary>Writes a small model and gives its path.</summary>
    public string Model(params string[] parts)
    {
        var path = File(parts);
        ForgedModel.Write(path, Small, GgmlType.F16);
        return path;
    }

    /// <summary>Puts the embedded model in its place.</summary>
    public string Embedded() => Model("program", "models", "nano.gguf");

    /// <summary>Puts a model into an Ollama store as Ollama does: a blob named by its hash, and a manifest that names it.</summary>
    public string Ollama(string store, params string[] manifest)
    {
        var temporary = Model("temporary.gguf");
        var hash = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(temporary)));
        var blob = File(store, "blobs", "sha256-" + hash);
        System.IO.File.Move(temporary, blob, overwrite: true);
        OllamaManifest(store, $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:{{hash}}","size":1},
             "layers":[{"mediaType":"application/vnd.ollama.image.template","digest":"sha256:{{new string('1', 64)}}","size":1},
                       {"mediaType":"application/vnd.ollama.image.model","digest":"sha256:{{hash}}","size":1}]}
            """, manifest);
        return blob;
    }

    public void OllamaManifest(string store, string json, params string[] manifest) =>
        System.IO.File.WriteAllText(File([store, "manifests", .. manifest]), json);

    public void Dispose() => _folder.Dispose();
}
