using System.Text;
using System.Text.Json.Nodes;

namespace LLMOS.Inference.Tests.ToolCalls;

/// <summary>The grammar in the engine: a random model, which knows nothing, writes valid calls under it.</summary>
public sealed class SpanCallGrammarTests
{
    private static readonly ChatTool[] Tools =
    [
        Tool("book_room", """{"city":{"type":"string"},"seats":{"type":"integer"},"price":{"type":"number"}}"""),
        Tool("stop", "{}"),
    ];

    [Theory]
    [InlineData("say \"hi\" to C:\\temp\tnow – 你好 🙂 [x] {y}")]
    [InlineData("007 and -5 and 1,000 and 2.50 and v1.2.3 and 99999999999999999999")]
    [InlineData("x")]
    public async Task Any_request_gives_a_grammar_that_the_engine_takes_and_calls_with_its_words(string request)
    {
        for (var seed = 0u; seed < 4; seed++)
        {
            var call = JsonNode.Parse(await Generate(Tools, request, seed))!.AsObject();
            var arguments = call["arguments"]!.AsObject();
            Assert.Contains(call["name"]!.GetValue<string>(), Tools.Select(tool => tool.Name));
            Assert.All(arguments, argument => Assert.Contains(argument.Key, call["name"]!.GetValue<string>() == "stop" ? [] : new[] { "city", "seats", "price" }));
            Assert.All(arguments, argument => Assert.Contains(argument.Value!.ToString().TrimStart(), string.Join(' ', request.Replace("1,000", "1,000 1000", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Numbers_are_those_of_the_request_that_json_has()
    {
        var grammar = SpanCallGrammar.For(Tools, "007, -5, 12 v9 2.50 srv3 1,000 at 14:30");

        Assert.Contains("integer ::= \"-5\" | \"12\" | \"1000\" | \"14\" | \"30\"\n", grammar, StringComparison.Ordinal);
        Assert.Contains("number ::= \"-5\" | \"12\" | \"2.50\" | \"1000\" | \"14\" | \"30\"\n", grammar, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("write a.b@c.org now", new[] { 0, 1, 8 }, new[] { 0, 7, 8 })]
    [InlineData("on BS-882/x.", new[] { 0, 1, 8 }, new[] { 0, 7, 8 })]
    [InlineData("@poet: -5 of 8:15", new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 9 })]
    public void A_value_is_no_part_of_a_word(string request, int[] starts, int[] ends)
    {
        var rules = SpanCallGrammar.For(Tools, request).Split('\n');
        var spans = rules.Where(rule => rule.StartsWith('w')).ToArray();

        Assert.Contains($"string ::= \"\\\" \" ({string.Join(" | ", starts.Select(start => $"w{start}"))}) \"\\\"\"", rules);
        Assert.Equal(ends, Enumerable.Range(0, spans.Length).Where(i => i == spans.Length - 1 || spans[i].EndsWith(")?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_required_is_given_a_choice_is_one_of_its_texts_and_what_no_words_can_say_is_left_out()
    {
        ChatTool[] tools =
        [
            new("set", "Sets.", """
                {
                  "type": "object",
                  "properties": {
                    "mode": {"enum": ["on", "off"]},
                    "loud": {"type": ["null", "boolean"]},
                    "level": {"type": "integer"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "any": {}
                  },
                  "required": ["mode", "loud", "level", "tags"]
                }
                """),
        ];

        var levels = new HashSet<bool>();
        foreach (var request in (string[])["make it loud", "make it 7"])
        {
            var arguments = JsonNode.Parse(await Generate(tools, request, 1))!["arguments"]!.AsObject();
            Assert.Contains(arguments["mode"]!.GetValue<string>(), (string[])[" on", " off"]);
            Assert.IsType<bool>(arguments["loud"]!.GetValue<bool>());
            Assert.DoesNotContain(arguments, argument => argument.Key is "tags" or "any");
            levels.Add(arguments.ContainsKey("level"));
        }

        // Required, and yet nothing is made up where there is no number.
        Assert.Equal([false, true], levels.Order());
    }

    [Fact]
    public void It_grows_linearly()
    {
        var small = SpanCallGrammar.For(Tools, string.Join(' ', Enumerable.Repeat("word", 100))).Length;

        Assert.InRange(SpanCallGrammar.For(Tools, string.Join(' ', Enumerable.Repeat("word", 800))).Length, 6 * small, 10 * small);
    }

    [Fact]
    public void Without_functions_or_words_or_a_schema_there_is_none()
    {
        Assert.Contains("list one", Refusal([], "stop"), StringComparison.Ordinal);
        Assert.Contains("say something", Refusal(Tools, " \n"), StringComparison.Ordinal);
        Assert.Contains("must have 1 to 2000: shorten it", Refusal(Tools, new string('.', 2001)), StringComparison.Ordinal);
        Assert.Contains("'odd' are no JSON schema", Refusal([new ChatTool("odd", "", "{")], "stop"), StringComparison.Ordinal);
        Assert.Contains("'odd' are no JSON schema of an object", Refusal([new ChatTool("odd", "", "[]")], "stop"), StringComparison.Ordinal);
    }

    private static string Refusal(IReadOnlyList<ChatTool> tools, string request) => Assert.Throws<LlamaException>(() => SpanCallGrammar.For(tools, request)).Message;

    private static ChatTool Tool(string name, string properties) => new(name, name, $$"""{"type":"object","properties":{{properties}}}""");

    private static async Task<string> Generate(IReadOnlyList<ChatTool> tools, string request, uint seed)
    {
        await using var engine = new LlamaCppEngine(TestModels.Tiny, new EngineOptions { ContextCells = 2048, Threads = 1 });
        var handle = engine.Submit(new GenerationRequest
        {
            PromptTokens = TestModels.Tiny.Tokenize("call"),
            MaxTokens = 1500,
            Grammar = SpanCallGrammar.For(tools, request),
            Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = seed },
        });
        var text = new StringBuilder();
        await foreach (var output in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            text.Append(output.Text);
        return text.ToString();
    }
}
