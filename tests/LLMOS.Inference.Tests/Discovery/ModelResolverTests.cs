using LLMOS.Inference.Discovery;

namespace LLMOS.Inference.Tests.Discovery;

public sealed class ModelResolverTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void The_order_is_request_variable_configuration_embedded()
    {
        var embedded = _machine.Embedded();
        Assert.Equal((EmbeddedModel.Name, embedded, ModelOrigin.Embedded), Resolve(null));
        Assert.Equal((EmbeddedModel.Name, embedded, ModelOrigin.Embedded), Resolve("  "));

        var configured = _machine.Options.Names["default"] = _machine.Model("c.gguf");
        Assert.Equal(("default", configured, ModelOrigin.Configured), Resolve(null));

        var variable = _machine.Variables["LLMOS_MODEL"] = _machine.Model("v.gguf");
        Assert.Equal(("v", variable, ModelOrigin.Environment), Resolve(null));

        var requested = _machine.Model("r.gguf");
        Assert.Equal(("r", requested, ModelOrigin.Requested), Resolve(requested));
        Assert.Equal((EmbeddedModel.Name, embedded, ModelOrigin.Requested), Resolve("nano"));
    }

    [Fact]
    public void A_configured_name_stands_before_a_discovered_one()
    {
        var discovered = _machine.Model("home", ".lmstudio", "models", "p", "r", "twin.gguf");
        Assert.Equal(("lmstudio:p/r/twin", discovered, ModelOrigin.Requested), Resolve("twin"));

        var configured = _machine.Options.Names["twin"] = _machine.Model("own.gguf");
        Assert.Equal(("twin", configured, ModelOrigin.Requested), Resolve("TWIN"));
    }

    [Theory]
    [InlineData("ollama:llama3.2:latest")]
    [InlineData("ollama:llama3.2")]
    [InlineData("llama3.2:latest")]
    [InlineData("llama3.2")]
    [InlineData("Llama3.2")]
    public void An_ollama_model_goes_by_its_short_names(string name)
    {
        var blob = _machine.Ollama("home/.ollama/models", "registry.ollama.ai", "library", "llama3.2", "latest");

        Assert.Equal(("ollama:llama3.2:latest", blob, ModelOrigin.Requested), Resolve(name));
    }

    [Theory]
    [InlineData("hf:org/repo/m-Q8_0")]
    [InlineData("org/repo/m-Q8_0")]
    [InlineData("org/repo/m-Q8_0.gguf")]
    [InlineData("m-Q8_0")]
    [InlineData("m-q8_0.gguf")]
    public void A_hugging_face_model_goes_by_its_short_names(string name)
    {
        var path = _machine.Model("home", ".cache", "huggingface", "hub", "models--org--repo", "snapshots", "r", "m-Q8_0.gguf");

        Assert.Equal(("hf:org/repo/m-Q8_0", path, ModelOrigin.Requested), Resolve(name));
    }

    [Fact]
    public void The_home_folder_may_be_a_tilde()
    {
        var path = _machine.Model("home", "m.gguf");
        Assert.Equal(path, Resolve("~/m.gguf").Path);
        _machine.Options.Names["mine"] = "~/m.gguf";
        Assert.Equal(("mine", path, ModelOrigin.Requested), Resolve("mine"));
    }

    [Fact]
    public void A_name_of_two_models_is_not_guessed()
    {
        _machine.Model("home", ".lmstudio", "models", "p", "r", "m.gguf");
        var other = _machine.Model("home", ".lmstudio", "models", "q", "r", "m.gguf");

        Assert.Contains("lmstudio:p/r/m, lmstudio:q/r/m", Refusal("m"), StringComparison.Ordinal);
        Assert.Equal(other, Resolve("q/r/m").Path);
        File.WriteAllText(other, "broken");
        Assert.Equal("lmstudio:p/r/m", Resolve("m").Name);
    }

    [Fact]
    public void An_unknown_name_is_told_what_there_is()
    {
        Assert.Equal(
            "No model is called 'gpt9'. There are no models on this machine; name one of them or the path of a GGUF file (`llmos models` lists them).",
            Refusal("gpt9"));
        _machine.Embedded();
        for (var i = 0; i < 9; i++)
            _machine.Model("home", ".lmstudio", "models", "p", "r", $"m{i}.gguf");
        Assert.Contains("There is lmstudio:p/r/m0,", Refusal("gpt9"), StringComparison.Ordinal);
        Assert.Contains("and 4 more;", Refusal("gpt9"), StringComparison.Ordinal);
        Assert.StartsWith("There is no file /none/x.gguf, and no model has that name. ", Refusal("/none/x.gguf"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_load_is_told_with_who_named_it()
    {
        var page = _machine.File("page.gguf");
        File.WriteAllText(page, "<html>");

        Assert.Equal($"{page} is not a GGUF file: it does not begin with 'GGUF'; name a model in that format.", Refusal(page));
        Assert.Contains("is a folder", Refusal(_machine.Home[..^5]), StringComparison.Ordinal);
        _machine.Options.Names["mine"] = page;
        Assert.StartsWith($"The model 'mine' does not load. {page} is not", Refusal("mine"), StringComparison.Ordinal);
        _machine.Variables["LLMOS_MODEL"] = page;
        Assert.StartsWith($"LLMOS_MODEL is '{page}'. {page} is not", Refusal(null), StringComparison.Ordinal);
        _machine.Variables["LLMOS_MODEL"] = "nonsense";
        Assert.StartsWith("LLMOS_MODEL is 'nonsense'. No model is called 'nonsense'.", Refusal(null), StringComparison.Ordinal);
        _machine.Variables.Clear();
        Assert.StartsWith("No model was named, so the embedded one is used. There is no file", Refusal(null), StringComparison.Ordinal);
    }

    private (string Name, string Path, ModelOrigin Origin) Resolve(string? requested)
    {
        var model = _machine.Resolver.Resolve(requested);
        Assert.Equal("llama", model.Summary.Architecture);
        return (model.Name, model.Path, model.Origin);
    }

    private string Refusal(string? requested)
    {
        var message = Assert.Throws<ModelResolutionException>(() => _machine.Resolver.Resolve(requested)).Message;
        Assert.True(message.EndsWith('.') || message.EndsWith(").", StringComparison.Ordinal), message);
        return message;
    }
}
