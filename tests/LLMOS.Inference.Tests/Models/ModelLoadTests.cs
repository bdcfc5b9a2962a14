using System.Text;
using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Models;

public sealed class ModelLoadTests
{
    [Theory]
    [InlineData(GgmlType.F32)]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    public void A_model_tells_what_it_is(GgmlType type)
    {
        using var model = LlamaModel.Load(TestModels.Path(type));
        Assert.Equal("llama", model.Architecture);
        Assert.Equal(TestModels.Shape.ContextLength, model.ContextLength);
        Assert.Equal(TestModels.Shape.Width, model.EmbeddingLength);
        Assert.Equal(TestModels.Shape.Layers, model.LayerCount);
        Assert.Equal(TestModels.Shape.Vocabulary, model.VocabularySize);
        Assert.Equal(TestModels.Shape.ParameterCount, model.ParameterCount);
        Assert.True(model.SizeBytes > 0);
        Assert.NotEmpty(model.EndTokens);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        var missing = TestModels.NewPath("gone.gguf");
        Sentences.Refused(LlamaError.ModelMissing, () => LlamaModel.Load(missing), missing);
        var folder = Path.GetDirectoryName(missing)!;
        Sentences.Refused(LlamaError.ModelMissing, () => LlamaModel.Load(folder), folder, "folder");
    }

    [Fact]
    public void What_is_no_gguf_is_refused()
    {
        var text = TestModels.NewPath("text.gguf");
        File.WriteAllText(text, "This is a text that somebody called a model.");
        Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(text), text, "GGUF");
        var empty = TestModels.NewPath("empty.gguf");
        File.WriteAllBytes(empty, []);
        Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(empty), empty);
    }

    [Fact]
    public void An_unknown_architecture_is_named()
    {
        var path = TestModels.Path(GgmlType.F32, new RandomModelOptions { Architecture = "gargantua" });
        Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(path), "gargantua");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(TestModels.Path(GgmlType.F32));
        var path = TestModels.NewPath("cut.gguf");
        foreach (var length in new[] { 3, 4, 23, 24, 100, 1000, 20_000, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(path), path);
        }
    }

    /// <summary>Damage must end in a sentence or in a model that loads, never in the end of the process.</summary>
    [Fact]
    public void A_file_with_damaged_bytes_never_ends_the_process()
    {
        var whole = File.ReadAllBytes(TestModels.Path(GgmlType.F32));
        var header = (int)GgufFile.Read(TestModels.Path(GgmlType.F32)).DataStart;
        var path = TestModels.NewPath("damaged.gguf");
        var random = new Random(1);
        for (var round = 0; round < 400; round++)
        {
            var damaged = (byte[])whole.Clone();
            for (var i = 0; i < 4; i++)
                damaged[random.Next(4, header)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                LlamaModel.Load(path).Dispose();
            }
            catch (LlamaException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_with_those_that_are()
    {
        Sentences.Refused(LlamaError.DeviceMissing, () => LlamaModel.Load(TestModels.Path(GgmlType.F32), new ModelOptions { Device = "CUDA7" }), "CUDA7", "CPU");
        using var model = LlamaModel.Load(TestModels.Path(GgmlType.F32), new ModelOptions { Device = "cpu" });
        Assert.Equal("llama", model.Architecture);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        var model = LlamaModel.Load(TestModels.Path(GgmlType.F32));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Tokenize("x"));
        Assert.Throws<ObjectDisposedException>(() => model.Detokenize([1]));
        Assert.Throws<ObjectDisposedException>(() => new LlamaCppEngine(model));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello, world")]
    [InlineData("  two  spaces\n\ttab ")]
    [InlineData("naïve café 日本語 🙂 𝄞")]
    public void Text_survives_its_tokens(string text)
    {
        var tokens = TestModels.F32.Tokenize(text, addSpecial: false, parseSpecial: false);
        Assert.Equal(text, TestModels.F32.Detokenize(tokens).TrimStart(' ').PadLeft(text.Length));
    }

    [Fact]
    public void A_lone_surrogate_and_a_zero_do_no_harm()
    {
        var tokens = TestModels.F32.Tokenize("a\uD800b\0c", addSpecial: false, parseSpecial: false);
        Assert.Contains("\uFFFD", TestModels.F32.Detokenize(tokens), StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_text_is_tokenized()
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox jumps. ", 1 << 20)).AsSpan(0, 1 << 20).ToString();
        var tokens = TestModels.F32.Tokenize(text);
        Assert.True(tokens.Length > 1 << 16);
        var same = TestModels.F32.Tokenize(new string('x', 1 << 20));
        Assert.NotEmpty(same);
    }

    [Fact]
    public void Control_tokens_are_parsed_only_when_asked()
    {
        var parsed = TestModels.F32.Tokenize("<|im_end|>", addSpecial: false, parseSpecial: true);
        var plain = TestModels.F32.Tokenize("<|im_end|>", addSpecial: false, parseSpecial: false);
        Assert.Contains(Assert.Single(parsed), TestModels.F32.EndTokens);
        Assert.DoesNotContain(parsed[0], plain);
    }

    [Fact]
    public void A_token_that_does_not_exist_is_refused() =>
        Sentences.Refused(LlamaError.InvalidRequest, () => TestModels.F32.Detokenize([TestModels.Shape.Vocabulary]), "1024", "0 to 1023");

    [Fact]
    public void A_chat_is_rendered_by_the_models_template()
    {
        var text = TestModels.F32.ApplyChatTemplate([new ChatTurn("system", "Be brief."), new ChatTurn("user", "Hi\0!")]).Text;
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi\uFFFD!<|im_end|>\n<|im_start|>assistant\n", text);
        Assert.False(TestModels.F32.UsesFallbackChatTemplate);
        Sentences.Refused(LlamaError.InvalidRequest, () => TestModels.F32.ApplyChatTemplate([]), "at least one message");
    }

    [Fact]
    public void Long_chats_fit()
    {
        var content = new StringBuilder().Insert(0, "é🙂", 50_000).ToString();
        Assert.Contains(content, TestModels.F32.ApplyChatTemplate([new ChatTurn("user", content)]).Text, StringComparison.Ordinal);
    }
}
