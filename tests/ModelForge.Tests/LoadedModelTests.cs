using System.Text;
using LLMOS.Inference;
using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

/// <summary>What is forged, in llama.cpp itself: it loads, its tokenizer gives every text back, and it writes what its options say.</summary>
public sealed class LoadedModelTests : IDisposable
{
    private static readonly ModelShape Small = new(Width: 64, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 128, Vocabulary: 1500, ContextLength: 512);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(GgmlType.F32)]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    public async Task Every_type_loads_and_writes_readable_words_to_the_last_token(GgmlType type)
    {
        using var model = LlamaModel.Load(Written(type, multibyte: false));
        Assert.Equal(("llama", 512, 64, 2), (model.Architecture, model.ContextLength, model.EmbeddingLength, model.LayerCount));
        Assert.Equal(Small.ParameterCount, model.ParameterCount);
        Assert.Equal(1500, model.VocabularySize);
        Assert.Equal(ForgedVocabulary.BeginningId, model.BeginToken);
        Assert.Contains(ForgedVocabulary.ImEndId, model.EndTokens);
        Assert.False(model.UsesFallbackChatTemplate);

        var (tokens, text, stop) = await Generate(model, 200);

        Assert.Equal((200, StopReason.Length), (tokens.Count, stop));
        Assert.All(tokens, token => Assert.True(token > ForgedVocabulary.ImEndId, $"Token {token} is a control or a byte."));
        Assert.All(text, character => Assert.True(character == '\n' || !char.IsControl(character) && char.IsAscii(character)));
        Assert.InRange(text.Count(character => character == ' '), 100, 200);
        Assert.InRange(tokens.Distinct().Count(), 20, 200);
    }

    [Fact]
    public async Task A_multibyte_model_writes_whole_characters_of_two_three_and_four_bytes()
    {
        using var model = LlamaModel.Load(Written(GgmlType.Q8_0, multibyte: true));

        // One more token may leave a character open; everything before it is whole.
        var (tokens, text, _) = await Generate(model, 400);

        var bytes = tokens.Count(token => token is >= ForgedVocabulary.FirstByteId and < ForgedVocabulary.FirstByteId + 256);
        Assert.InRange(bytes, 60, 360);
        Assert.DoesNotContain('\uFFFD', text[..^1]);
        var lengths = text.EnumerateRunes().Select(rune => rune.Utf8SequenceLength).ToHashSet();
        Assert.Equal([1, 2, 3, 4], lengths.Order());
    }

    [Theory]
    [InlineData("Create a web server with authentication and logging")]
    [InlineData(" the  process (PID 42) says: \"done\"\n\n\ttabs, too\r\n")]
    [InlineData("Zürich, 你好, 🙂👩‍👩‍👧, \u0000 and \u007F")]
    [InlineData("▁ is not a space")]
    [InlineData("")]
    [InlineData("   ")]
    public void Texts_come_back_from_their_tokens(string text)
    {
        using var model = LlamaModel.Load(Written(GgmlType.Q8_0, multibyte: false));

        // The tokenizer writes spaces as ▁ and so cannot tell the two apart; every other text comes back as it was.
        Assert.Equal(text.Replace('▁', ' '), model.Detokenize(model.Tokenize(text, addSpecial: false, parseSpecial: false)));
    }

    [Fact]
    public void Words_are_single_tokens_and_controls_are_found()
    {
        using var model = LlamaModel.Load(Written(GgmlType.Q8_0, multibyte: false));

        Assert.Equal(4, model.Tokenize(" the process of time", addSpecial: false).Length);
        var chat = model.Tokenize(model.ApplyChatTemplate([new("user", "hi")]));
        Assert.Equal([ForgedVocabulary.BeginningId, ForgedVocabulary.ImStartId], chat[..2]);
        Assert.Contains(ForgedVocabulary.ImEndId, chat);
        Assert.DoesNotContain(ForgedVocabulary.ImStartId, model.Tokenize("<|im_start|>", parseSpecial: false));
    }

    [Fact]
    public void Without_a_template_the_engine_says_so()
    {
        var path = _folder.File("plain.gguf");
        RandomModel.Write(path, Small, GgmlType.F16, options: new() { ChatTemplate = null }, cancellationToken: TestContext.Current.CancellationToken);
        using var model = LlamaModel.Load(path);

        Assert.Null(model.ChatTemplateSource);
        Assert.True(model.UsesFallbackChatTemplate);
    }

    [Fact]
    public void The_embedded_model_loads()
    {
        using var model = LlamaModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf"));

        Assert.Equal(("random-tiny", 8192), (model.Name, model.ContextLength));
    }

    private string Written(GgmlType type, bool multibyte)
    {
        var path = _folder.File("m.gguf");
        RandomModel.Write(path, Small, type, 3, new() { MultibyteText = multibyte }, TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<(List<int> Tokens, string Text, StopReason Stop)> Generate(LlamaModel model, int count)
    {
        await using var engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = 512, Threads = 1 });
        var prompt = model.Tokenize(model.ApplyChatTemplate([new("user", "Write.")]));
        var handle = engine.Submit(new GenerationRequest
        {
            PromptTokens = prompt,
            MaxTokens = count,
            Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = 11 },
        });
        var tokens = new List<int>();
        var text = new StringBuilder();
        await foreach (var output in handle.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            tokens.Add(output.Id);
            text.Append(output.Text);
        }

        return (tokens, text.ToString(), (await handle.Completion).StopReason);
    }
}
