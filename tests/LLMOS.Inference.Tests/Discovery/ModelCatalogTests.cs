using System.Runtime.InteropServices;
using LLMOS.Inference.Discovery;
using LLMOS.Inference.Gguf;
using LLMOS.Inference.Tests.Gguf;

namespace LLMOS.Inference.Tests.Discovery;

public sealed class ModelCatalogTests : IDisposable
{
    private const string OllamaStore = "home/.ollama/models";

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_machine_without_models_lists_the_embedded_one_and_why_it_is_not_there()
    {
        var entry = Assert.Single(_machine.Catalog.List());

        Assert.Equal((EmbeddedModel.Name, ModelSource.Embedded, false), (entry.Name, entry.Source, entry.Loads));
        Assert.Contains("There is no file", entry.Defect, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_store_is_listed()
    {
        _machine.Embedded();
        _machine.Options.Names["mine"] = _machine.Model("elsewhere", "own.gguf");
        _machine.Options.Folders.Add(Path.GetDirectoryName(_machine.Model("folder", "one.GGUF"))!);
        _machine.Model("folder", "deep", "er", "two.gguf");
        _machine.Ollama(OllamaStore, "registry.ollama.ai", "library", "llama3.2", "1b");
        _machine.Model("home", ".lmstudio", "models", "lmstudio-community", "Qwen3-GGUF", "Qwen3-Q8_0.gguf");
        _machine.Model("home", ".cache", "lm-studio", "models", "old", "repo", "file.gguf");
        _machine.Model("home", ".cache", "llama.cpp", "ggml-org_gemma_gemma-Q4_K_M.gguf");
        _machine.Model("home", ".cache", "huggingface", "hub", "models--org--repo", "snapshots", "abc", "sub", "model.f16.gguf");

        var entries = _machine.Catalog.List();

        Assert.All(entries, entry => Assert.Null(entry.Defect));
        Assert.Equal(
            [
                ("mine", ModelSource.Configured),
                ("deep/er/two", ModelSource.Configured),
                ("one", ModelSource.Configured),
                ("ollama:llama3.2:1b", ModelSource.Ollama),
                ("lmstudio:lmstudio-community/Qwen3-GGUF/Qwen3-Q8_0", ModelSource.LmStudio),
                ("lmstudio:old/repo/file", ModelSource.LmStudio),
                ("llama.cpp:ggml-org_gemma_gemma-Q4_K_M", ModelSource.LlamaCpp),
                ("hf:org/repo/sub/model.f16", ModelSource.HuggingFace),
                ("nano", ModelSource.Embedded),
            ],
            entries.Select(entry => (entry.Name, entry.Source)));
        Assert.All(entries, entry =>
        {
            Assert.Equal(new FileInfo(entry.Path).Length, entry.SizeBytes);
            Assert.Equal(("llama", "F16", 128L), (entry.Architecture, entry.Quantization, entry.ContextLength));
        });
    }

    [Fact]
    public void Ollama_names_are_those_that_ollama_shows()
    {
        _machine.Ollama(OllamaStore, "registry.ollama.ai", "library", "qwen3", "latest");
        _machine.Variables["OLLAMA_MODELS"] = _machine.File("other", "x")[..^2];
        _machine.Ollama("other", "registry.ollama.ai", "someone", "tune", "v2");
        _machine.Ollama("other", "hf.co", "org", "Repo-GGUF", "Q4_K_M");

        // One blob under two names is one model.
        Assert.Equal(["ollama:hf.co/org/Repo-GGUF:Q4_K_M", "nano"], _machine.Catalog.List().Select(entry => entry.Name));

        File.Delete(_machine.File("other", "manifests", "hf.co", "org", "Repo-GGUF", "Q4_K_M"));
        Assert.Equal("ollama:someone/tune:v2", _machine.Catalog.List()[0].Name);
        _machine.Variables.Remove("OLLAMA_MODELS");
        Assert.Equal("ollama:qwen3:latest", _machine.Catalog.List()[0].Name);
    }

    [Fact]
    public void The_store_of_ollamas_service_is_found()
    {
        _machine.Ollama("root/usr/share/ollama/.ollama/models", "registry.ollama.ai", "library", "llama3.2", "1b");

        Assert.Equal("ollama:llama3.2:1b", _machine.Catalog.List()[0].Name);
        _machine.Platform = OSPlatform.OSX;
        Assert.Equal(ModelSource.Embedded, _machine.Catalog.List()[0].Source);
    }

    [Theory]
    [InlineData("{ not json", "is damaged")]
    [InlineData("[]", "is damaged")]
    [InlineData("{}", "is damaged")]
    [InlineData("""{"layers":7}""", "is damaged")]
    [InlineData("""{"layers":[{"mediaType":1}]}""", "is damaged")]
    [InlineData("""{"layers":[{"mediaType":"application/vnd.ollama.image.model"}]}""", "is damaged")]
    [InlineData("""{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":null}]}""", "no SHA-256 digest")]
    [InlineData("""{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:../../../etc/passwd"}]}""", "no SHA-256 digest")]
    [InlineData("""{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}]}""", "There is no file")]
    public void A_broken_manifest_is_told_and_breaks_nothing(string manifest, string says)
    {
        _machine.OllamaManifest(OllamaStore, manifest, "registry.ollama.ai", "library", "bad", "7b");
        _machine.Ollama(OllamaStore, "registry.ollama.ai", "library", "good", "7b");

        var entries = _machine.Catalog.List();

        Assert.Equal(["ollama:bad:7b", "ollama:good:7b"], entries.Take(2).Select(entry => entry.Name));
        Assert.Contains(says, entries[0].Defect, StringComparison.Ordinal);
        Assert.Equal(0, entries[0].SizeBytes);
        Assert.True(entries[1].Loads);
    }

    [Fact]
    public void A_manifest_without_weights_is_no_model()
    {
        _machine.OllamaManifest(OllamaStore, """{"layers":[]}""", "registry.ollama.ai", "library", "cloud", "latest");
        _machine.OllamaManifest(OllamaStore, "stray", "file");

        Assert.Equal(ModelSource.Embedded, Assert.Single(_machine.Catalog.List()).Source);
    }

    [Fact]
    public void Hugging_face_links_are_followed_and_revisions_listed_once()
    {
        var hub = Path.Combine("home", ".cache", "huggingface", "hub", "models--org--some--name");
        var blob = _machine.Model(hub, "blobs", "newblob");
        var old = _machine.File(hub, "blobs", "oldblob");
        File.WriteAllBytes(old, [.. File.ReadAllBytes(blob), 0]);
        File.CreateSymbolicLink(_machine.File(hub, "snapshots", "aaa", "m.gguf"), "../../blobs/oldblob");
        File.CreateSymbolicLink(_machine.File(hub, "snapshots", "bbb", "m.gguf"), "../../blobs/newblob");
        File.CreateSymbolicLink(_machine.File(hub, "snapshots", "bbb", "gone.gguf"), "../../blobs/none");
        File.WriteAllText(_machine.File(hub, "refs", "main"), "bbb\n");

        var entries = _machine.Catalog.List();

        Assert.Equal(["hf:org/some/name/gone", "hf:org/some/name/m"], entries.Take(2).Select(entry => entry.Name));
        Assert.Contains("is a link to", entries[0].Defect, StringComparison.Ordinal);
        Assert.Contains($"{Path.DirectorySeparatorChar}bbb{Path.DirectorySeparatorChar}", entries[1].Path, StringComparison.Ordinal);
        Assert.Equal(new FileInfo(blob).Length, entries[1].SizeBytes);
        Assert.True(entries[1].Loads);
        Assert.Equal(3, entries.Count);
    }

    [Theory]
    [InlineData("HF_HUB_CACHE", "set")]
    [InlineData("HUGGINGFACE_HUB_CACHE", "set")]
    [InlineData("HF_HOME", "set/hub")]
    [InlineData("XDG_CACHE_HOME", "set/huggingface/hub")]
    public void Hugging_faces_variables_move_its_cache(string variable, string folder)
    {
        _machine.Model(folder, "models--a--b", "snapshots", "r", "m.gguf");
        _machine.Variables[variable] = _machine.File("set", "x")[..^2];

        Assert.Equal("hf:a/b/m", _machine.Catalog.List()[0].Name);
    }

    [Fact]
    public void Llama_cpps_cache_is_where_its_platform_puts_it()
    {
        _machine.Model("home", "Library", "Caches", "llama.cpp", "mac.gguf");
        _machine.Model("local", "llama.cpp", "windows.gguf");
        _machine.Model("xdg", "llama.cpp", "linux.gguf");
        _machine.Model("set", "own.gguf");
        _machine.Variables["LOCALAPPDATA"] = _machine.File("local", "x")[..^2];
        _machine.Variables["XDG_CACHE_HOME"] = _machine.File("xdg", "x")[..^2];

        Assert.Equal("llama.cpp:linux", _machine.Catalog.List()[0].Name);
        _machine.Platform = OSPlatform.OSX;
        Assert.Equal("llama.cpp:mac", _machine.Catalog.List()[0].Name);
        _machine.Platform = OSPlatform.Windows;
        Assert.Equal("llama.cpp:windows", _machine.Catalog.List()[0].Name);
        _machine.Variables["LLAMA_CACHE"] = _machine.File("set", "x")[..^2];
        Assert.Equal("llama.cpp:own", _machine.Catalog.List()[0].Name);
    }

    [Fact]
    public void Broken_files_are_listed_with_the_reason()
    {
        var folder = Path.GetDirectoryName(_machine.Model("folder", "whole.gguf"))!;
        _machine.Options.Folders.Add(folder);
        File.WriteAllText(Path.Combine(folder, "page.gguf"), "<html>");
        File.WriteAllBytes(Path.Combine(folder, "empty.gguf"), []);
        var whole = File.ReadAllBytes(Path.Combine(folder, "whole.gguf"));
        File.WriteAllBytes(Path.Combine(folder, "cut.gguf"), whole[..^100]);
        File.CreateSymbolicLink(Path.Combine(folder, "loop.gguf"), Path.Combine(folder, "loop.gguf"));
        Directory.CreateDirectory(Path.Combine(folder, "directory.gguf"));
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "no model");

        var entries = _machine.Catalog.List().Where(entry => entry.Source == ModelSource.Configured).ToDictionary(entry => entry.Name);

        Assert.Equal(["cut", "empty", "loop", "page", "whole"], entries.Keys.Order());
        Assert.Contains("truncated", entries["cut"].Defect, StringComparison.Ordinal);
        Assert.Equal(("llama", whole.Length - 100), (entries["cut"].Architecture, (int)entries["cut"].SizeBytes));
        Assert.Contains("is empty", entries["empty"].Defect, StringComparison.Ordinal);
        Assert.Contains("not a GGUF", entries["page"].Defect, StringComparison.Ordinal);
        Assert.False(entries["loop"].Loads);
        Assert.True(entries["whole"].Loads);
    }

    [Fact]
    public void Folders_that_link_in_circles_end()
    {
        var folder = Path.GetDirectoryName(_machine.Model("folder", "a", "m.gguf"))!;
        _machine.Options.Folders.Add(Path.GetDirectoryName(folder)!);
        Directory.CreateSymbolicLink(Path.Combine(folder, "up"), Path.GetDirectoryName(folder)!);
        Directory.CreateSymbolicLink(Path.Combine(folder, "self"), folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "nowhere"), Path.Combine(folder, "none"));
        var linked = Path.GetDirectoryName(_machine.Model("linked", "n.gguf"))!;
        Directory.CreateSymbolicLink(Path.Combine(folder, "zlink"), linked);

        Assert.Equal(["a/m", "a/zlink/n", "nano"], _machine.Catalog.List().Select(entry => entry.Name));
    }

    [Fact]
    public void A_folder_that_is_listed_twice_gives_its_models_once()
    {
        var folder = Path.GetDirectoryName(_machine.Model("home", ".lmstudio", "models", "p", "r", "m.gguf"))!;
        _machine.Options.Folders.Add(folder);
        _machine.Options.Folders.Add("~/.lmstudio");

        Assert.Equal(["m", "nano"], _machine.Catalog.List().Select(entry => entry.Name));
    }

    [Fact]
    public void Projectors_are_left_out()
    {
        _machine.Options.Folders.Add(Path.GetDirectoryName(_machine.Model("folder", "mmproj-model-f16.gguf"))!);
        new RawGguf(1, 1).Key("general.architecture", "clip").Tensor("w", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32]).Save(_machine.File("folder", "vision.gguf"));

        Assert.Equal(ModelSource.Embedded, Assert.Single(_machine.Catalog.List()).Source);
    }

    [Fact]
    public void A_split_model_is_one_entry_of_the_size_of_its_parts()
    {
        var first = _machine.File("home", ".lmstudio", "models", "p", "r", "big-00001-of-00003.gguf");
        new RawGguf(1, 6).Llama().Key("split.no", 0).Key("split.count", 3).Tensor("a", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32]).Save(first);
        var split = GgufSplit.OfName(first)!;
        foreach (var number in new[] { 2, 3 })
        {
            Assert.Contains($"-0000{number}-of-00003.gguf is not there", _machine.Catalog.List()[0].Defect, StringComparison.Ordinal);
            new RawGguf(1, 2).Key("split.no", (uint)number - 1).Key("split.count", 3).Tensor("b", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32])
                .Save(split.PathOf(number));
        }

        var entries = _machine.Catalog.List();

        Assert.Equal(2, entries.Count);
        Assert.Equal(("lmstudio:p/r/big", first, true), (entries[0].Name, entries[0].Path, entries[0].Loads));
        Assert.Equal(Enumerable.Range(1, 3).Sum(number => new FileInfo(split.PathOf(number)).Length), entries[0].SizeBytes);
    }
}
