using System.Text;
using LLMOS.Inference;
using ModelForge.Corpus;
using ModelForge.Corpus.Reading.Tools;
using ModelForge.Evaluation.Reading;

namespace ModelForge.Tests.Reading;

/// <summary>A user reaches the model by its chat template and the functions of a chat; it is trained and judged on the same prompts.</summary>
public sealed class ToolCallPromptTests
{
    [Fact]
    public async Task The_template_of_the_committed_model_writes_the_prompts_that_it_was_trained_on()
    {
        using var nano = LlamaModel.Load(Path.Combine(Repository.Root, "models", "nano.gguf"));
        await using var engine = new LlamaCppEngine(nano, new EngineOptions { ContextCells = 2048, Threads = 1 });
        var random = new CorpusRandom(21);
        var right = 0;
        for (var i = 0; i < 40; i++)
        {
            var example = ToolCallSource.NextCase(random, CorpusSplit.Trained);
            ChatTool[] tools = [.. example.Tools.Select(tool => tool.ToChatTool())];
            var prompt = nano.ApplyChatTemplate([new ChatTurn("user", example.Request)], new ChatTemplateOptions { Tools = tools });
            Assert.Equal(nano.ApplyChatTemplate([.. example.Prompt.Select(message => new ChatTurn(message.Role, message.Text))]).Text, prompt.Text);
            var handle = engine.Submit(new GenerationRequest
            {
                PromptTokens = nano.Tokenize(prompt),
                MaxTokens = 200,
                Grammar = SpanCallGrammar.For(tools, example.Request),
                Sampling = SamplingParameters.Greedy,
            });
            var call = new StringBuilder();
            await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
                call.Append(token.Text);
            Assert.True(ToolCallCheck.IsValid(example.Tools, call.ToString()), call.ToString());
            right += ToolCallCheck.IsRight(example, call.ToString()) ? 1 : 0;
        }

        Assert.InRange(right, 32, 40);
    }

    [Fact]
    public void What_a_function_gave_back_is_the_context_of_what_was_asked_and_the_rest_is_as_ever()
    {
        using var nano = LlamaModel.Load(Path.Combine(Repository.Root, "models", "nano.gguf"));
        ChatTemplateOptions options = new() { Tools = [new ChatTool("look", "Looks.", """{"type":"object","properties":{"city":{"type":"string"}}}""")] };
        ChatTurn[] chat =
        [
            new("system", "You help."),
            new("user", "How warm is Bern?"),
            new("assistant", "") { ToolCalls = [new ChatToolCall("1", "look", """{"city":"Bern"}""")] },
            new("tool", "21 degrees") { ToolCallId = "1" },
        ];

        Assert.Equal(
            "<|im_start|>system\nAnswer from the context.<|im_end|>\n<|im_start|>user\nContext: 21 degrees\nQuestion: How warm is Bern?<|im_end|>\n<|im_start|>assistant\n",
            nano.ApplyChatTemplate(chat, options).Text);
        Assert.Equal(
            "<|im_start|>system\nCall the right tool.\n[{\"name\":\"look\",\"description\":\"Looks.\",\"parameters\":{\"city\":\"string\"}}]<|im_end|>\n"
            + "<|im_start|>user\nRequest: How warm is Bern?<|im_end|>\n<|im_start|>assistant\n{\"name\":\"look\",\"arguments\":{\"city\":\"Bern\"}}<|im_end|>\n"
            + "<|im_start|>user\nRequest: And Oslo?<|im_end|>\n<|im_start|>assistant\n",
            nano.ApplyChatTemplate([.. chat, new("user", "And Oslo?")], options).Text);
        Assert.Equal("<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\n Hi. <|im_end|>\n<|im_start|>assistant\n", nano.ApplyChatTemplate([chat[0], new("user", " Hi. ")]).Text);
    }

    [Fact]
    public async Task The_committed_model_is_what_an_export_of_it_writes()
    {
        using var folder = new TemporaryFolder();
        var (committed, exported) = (Path.Combine(Repository.Root, "models", "nano.gguf"), folder.File("nano.gguf"));
        using var output = new StringWriter();

        var code = await ForgeCommandLine.RunAsync(
            ["export", "--model", committed, "--vocabulary", Path.Combine(Repository.Root, "models", "nano.vocabulary.json"), "--out", exported], output, output);

        Assert.True(code == 0, output.ToString());
        Assert.True(File.ReadAllBytes(committed).AsSpan().SequenceEqual(File.ReadAllBytes(exported)), "The chat template or the metadata has changed: export models/nano.gguf anew.");
    }

    [Theory]
    [InlineData("Context: Ada bakes.\nQuestion: Who bakes?", true)]
    [InlineData("Text: Ada bakes.", true)]
    [InlineData("Parts: 2\nRole: You bake and sew.", true)]
    [InlineData("Role 1: You bake.\nRole 2: You sew.", true)]
    [InlineData("Claim: Ada bakes.\nSource 1: Ada bakes.", true)]
    [InlineData("Claim: Ada bakes.", false)]
    [InlineData("Question: Who bakes?", false)]
    [InlineData("Hello.", false)]
    public void A_text_of_its_own_begins_anew_and_a_question_without_one_goes_on(string text, bool begins)
    {
        using var nano = LlamaModel.Load(Path.Combine(Repository.Root, "models", "nano.gguf"));
        const string System = "<|im_start|>system\nAnswer from the context.<|im_end|>\n";
        const string Before = "<|im_start|>user\nContext: Bo sews.\nQuestion: Who sews?<|im_end|>\n<|im_start|>assistant\n Bo<|im_end|>\n";

        var prompt = nano.ApplyChatTemplate(
            [new("system", "Answer from the context."), new("user", "Context: Bo sews.\nQuestion: Who sews?"), new("assistant", " Bo"), new("user", text)]).Text;

        Assert.Equal($"{System}{(begins ? "" : Before)}<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n", prompt);
    }

    [Fact]
    public void Names_and_types_of_any_schema_are_written_as_json()
    {
        using var nano = LlamaModel.Load(Path.Combine(Repository.Root, "models", "nano.gguf"));
        ChatTool[] tools =
        [
            new("a\"b", "Says \"é\".", """{"type":"object","properties":{"x":{"type":["string","null"]},"y":{"type":"integer"},"z":{}}}"""),
            new("none", "", """{"type":"object"}"""),
        ];

        Assert.Contains(
            """[{"name":"a\"b","description":"Says \"é\".","parameters":{"x":"string","y":"integer","z":"string"}},{"name":"none","description":"","parameters":{}}]""",
            nano.ApplyChatTemplate([new ChatTurn("user", "go")], new ChatTemplateOptions { Tools = tools }).Text,
            StringComparison.Ordinal);
    }
}
