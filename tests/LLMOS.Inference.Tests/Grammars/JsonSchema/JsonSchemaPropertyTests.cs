using CsCheck;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

public sealed class JsonSchemaPropertyTests
{
    [Fact]
    public void Instances_follow_the_grammar_and_what_is_no_instance_does_not()
    {
        var refused = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var schema = new SchemaSource(random, isBounded: false).Next();
                var schemaText = TestJson.Write(schema);
                var grammar = GbnfGrammar.Parse(JsonSchemaGrammar.Convert(schemaText));
                var instances = new InstanceSource(random, schema);
                for (var i = 0; i < 6; i++)
                {
                    var instance = instances.Next();
                    var text = TestJson.Write(instance);
                    Assert.True(SchemaValidator.IsValid(schemaText, text), $"the tests made {text} for {schemaText}");
                    Assert.True(Fits.Grammar(grammar, text), $"{text} is an instance of {schemaText}, but does not follow its grammar");
                    for (var j = 0; j < 8; j++)
                    {
                        var changed = TestJson.Write(InstanceMutation.Next(instance, random));
                        if (SchemaValidator.IsValid(schemaText, changed))
                            continue;
                        Interlocked.Increment(ref refused);
                        Assert.False(Fits.Grammar(grammar, changed), $"{changed} is no instance of {schemaText}, but follows its grammar");
                    }
                }
            },
            iter: 400);
        Assert.InRange(refused, 1000, int.MaxValue);
    }

    /// <summary>Texts are drawn from the grammar itself, character by character.</summary>
    [Fact]
    public void What_the_grammar_lets_through_is_an_instance()
    {
        var finished = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var schemaText = TestJson.Write(new SchemaSource(random, isBounded: true).Next());
                var matcher = new GbnfMatcher(GbnfGrammar.Parse(JsonSchemaGrammar.Convert(schemaText, new() { Whitespace = (JsonWhitespace)random.Next(3) })));
                if (RandomText(matcher, random, most: 600) is not { } text)
                    return;
                Interlocked.Increment(ref finished);
                Assert.True(SchemaValidator.IsValid(schemaText, text), $"{text} follows the grammar of {schemaText}, but is no instance");
            },
            iter: 400);
        Assert.InRange(finished, 200, int.MaxValue);
    }

    /// <summary>Whatever is given, there is a grammar that parses or a sentence.</summary>
    [Fact]
    public void Damaged_schemas_give_a_grammar_or_a_sentence()
    {
        var refused = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var schema = (System.Text.Json.Nodes.JsonNode?)new SchemaSource(random, isBounded: false).Next();
                for (var i = random.Next(1, 4); i > 0; i--)
                    schema = InstanceMutation.Next(schema, random);
                try
                {
                    _ = GbnfGrammar.Parse(JsonSchemaGrammar.Convert(TestJson.Write(schema)));
                }
                catch (LlamaException exception)
                {
                    Interlocked.Increment(ref refused);
                    Assert.Equal(LlamaError.SchemaInvalid, exception.Error);
                    Assert.Contains("$", exception.Message, StringComparison.Ordinal);
                }
            },
            iter: 600);
        Assert.InRange(refused, 50, int.MaxValue);
    }

    [Fact]
    public void Patterns_mean_what_they_mean_to_dotnet()
    {
        string[] parts = ["a", "b", "1", ".", "(", ")", "|", "*", "+", "?", "[ab]", "[^a]", "[a-c1]", "{2}", "{0,2}", "\\d", "\\W", "^", "$", "(?:", "-"];
        var followed = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
                GbnfGrammar grammar;
                try
                {
                    grammar = GbnfGrammar.Parse(JsonSchemaGrammar.Convert($$"""{"pattern":{{TestJson.Quote(pattern)}}}"""));
                }
                catch (LlamaException exception)
                {
                    Assert.Equal(LlamaError.SchemaInvalid, exception.Error);
                    return;
                }
                Interlocked.Increment(ref followed);
                var regex = new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.ECMAScript);
                for (var i = 0; i < 30; i++)
                {
                    var text = string.Concat(Enumerable.Range(0, random.Next(0, 6)).Select(_ => "ab1-c"[random.Next(5)]));
                    Assert.True(regex.IsMatch(text) == Fits.Grammar(grammar, $"\"{text}\""), $"'{text}' and {pattern}");
                }
            },
            iter: 3000);
        Assert.InRange(followed, 200, int.MaxValue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_model_writes_under_the_grammar_is_an_instance(bool isTrained)
    {
        const int Schemas = 24;
        var model = isTrained ? TestModels.Nano : TestModels.Tiny;
        await using var engine = new LlamaCppEngine(model, Engine.Engines.Small with { ContextCells = 4096 });
        var schemas = Enumerable.Range(0, Schemas).Select(seed => TestJson.Write(new SchemaSource(new Random(seed), isBounded: true).Next())).ToList();
        var texts = await Task.WhenAll(schemas.Select((schema, i) => Write(engine, schema, (ulong)i)));
        var finished = 0;
        foreach (var ((text, reason), schema) in texts.Zip(schemas))
        {
            if (reason == StopReason.EndOfText)
            {
                finished++;
                Assert.True(SchemaValidator.IsValid(schema, text), $"{model.Name} wrote {text} for {schema}");
            }
            else
            {
                Assert.True(new GbnfMatcher(GbnfGrammar.Parse(JsonSchemaGrammar.Convert(schema))).Accept(text.TrimEnd('\uFFFD')), $"{model.Name} wrote {text} for {schema}");
            }
        }
        Assert.InRange(finished, Schemas / 2, Schemas);
    }

    /// <summary>llama.cpp has limits of its own on what it takes.</summary>
    [Theory]
    [InlineData("""{"maxLength":10000}""")]
    [InlineData("""{"minLength":10000}""")]
    [InlineData("""{"minLength":1500,"maxLength":7000}""")]
    [InlineData("""{"items":{"type":"integer"},"minItems":3000,"maxItems":9000}""")]
    [InlineData("""{"items":{"type":"string","maxLength":1000},"maxItems":1000}""")]
    [InlineData("""{"items":{"properties":{"a":{"items":{"type":"string","maxLength":500},"maxItems":200},"b":{"type":"string"}}},"maxItems":300}""")]
    [InlineData("""{"pattern":"^([a-z]{1,50}-){0,50}x$"}""")]
    public async Task Large_bounds_are_taken(string schema)
    {
        await using var engine = new LlamaCppEngine(TestModels.Tiny, Engine.Engines.Small);
        var (text, _) = await Write(engine, schema, seed: 1, maxTokens: 30);
        Assert.True(new GbnfMatcher(GbnfGrammar.Parse(JsonSchemaGrammar.Convert(schema))).Accept(text.TrimEnd('\uFFFD')), text);
    }

    private static async Task<(string Text, StopReason Reason)> Write(LlamaCppEngine engine, string schema, ulong seed, int maxTokens = 300)
    {
        var handle = engine.Submit(new GenerationRequest
        {
            PromptTokens = engine.Model.Tokenize("Write JSON."),
            MaxTokens = maxTokens,
            JsonSchema = schema,
            Sampling = new SamplingParameters { Temperature = 1, Seed = seed },
        });
        var text = "";
        await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            text += token.Text;
        return (text, (await handle.Completion).StopReason);
    }

    private static string? RandomText(GbnfMatcher matcher, Random random, int most)
    {
        var text = new System.Text.StringBuilder();
        var likely = Enumerable.Range(0x20, 0x5F).Concat([0xE9, 0x1F642, '\n', '\t']).Select(code => new System.Text.Rune(code)).ToList();
        while (text.Length < most)
        {
            if (matcher.TryForced(out var forced))
            {
                Assert.True(matcher.Accept(forced));
                text.Append(forced);
                continue;
            }
            var allowed = likely.Where(matcher.Allows).ToList();
            if (matcher.AllowsEnd && (allowed.Count == 0 || random.Next(3) == 0))
                return text.ToString();
            Assert.NotEmpty(allowed);
            // The end of a string is one character of many, so it is drawn more often.
            var next = matcher.Allows(new System.Text.Rune('"')) && random.Next(3) == 0 ? new System.Text.Rune('"') : allowed[random.Next(allowed.Count)];
            Assert.True(matcher.Accept(next));
            text.Append(next.ToString());
        }
        return null;
    }
}
