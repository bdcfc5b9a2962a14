using System.Text;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;
using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Tests.Grammars;

public sealed class ForcedTextTests
{
    private const string Schema = """
        {"type":"object","properties":{"城市名称":{"type":"string","maxLength":4},"TEMPERATURE_2M":{"type":"integer","minimum":0,"maximum":40},"état":{"enum":["ouvert","ouverte","fermé"]}},
        "required":["城市名称","TEMPERATURE_2M","état"],"additionalProperties":false}
        """;

    public static TheoryData<string> Grammars => [.. GbnfMatcherTests.Grammars.Select(row => row.Data), JsonSchemaGrammar.Convert(Schema), "root ::= \"a\" \"名前は\" [é-ü] \"<|im_start|>\" \"\\n\\n\""];

    /// <summary>At every step of random walks what it says may come is what llama.cpp allows, to the token.</summary>
    [Theory]
    [MemberData(nameof(Grammars))]
    public void It_finds_the_tokens_that_llama_allows(string grammar)
    {
        foreach (var model in new[] { TestModels.Multibyte, TestModels.Nano })
        {
            for (var seed = 0; seed < 4; seed++)
                Walk(model, grammar, seed);
        }
    }

    [Fact]
    public void A_schema_forces_texts_and_single_tokens()
    {
        var model = TestModels.Multibyte;
        var (forced, single) = Walk(model, JsonSchemaGrammar.Convert(Schema), seed: 1);
        Assert.True(forced > 20, $"{forced} places with a forced text");
        Assert.True(single >= 12, $"{single} places with one token"); // The bytes of four characters that the vocabulary does not have.
    }

    [Fact]
    public void What_it_drafts_spells_the_forced_text_and_longer_tokens_come_first()
    {
        var model = TestModels.F32;
        var forced = new ForcedText(new GbnfMatcher(GbnfGrammar.Parse("root ::= \"the memory of a process\" [0-9]")), model.Vocabulary.SpelledTokens);
        var tokens = new int[64];
        var count = forced.Draft(tokens);
        Assert.Equal("the memory of a process", Encoding.UTF8.GetString([.. tokens.Take(count).SelectMany(token => model.Vocabulary.Piece(token).Bytes)]));
        Assert.True(count < 12, $"{count} tokens");
        Assert.Equal(2, forced.Draft(tokens.AsSpan(0, 2)));
        Assert.Equal(0, new ForcedText(new GbnfMatcher(GbnfGrammar.Parse("root ::= [ab] \"c\"")), model.Vocabulary.SpelledTokens).Draft(tokens));
    }

    [Fact]
    public void Only_a_complete_text_that_cannot_go_on_must_end()
    {
        var model = TestModels.F32;
        var forced = new ForcedText(new GbnfMatcher(GbnfGrammar.Parse("root ::= \"a\" \"b\"?")), model.Vocabulary.SpelledTokens);
        Assert.False(forced.OnlyEnds);
        forced.Accept("a"u8);
        Assert.False(forced.OnlyEnds);
        Assert.False(forced.TryCandidates(out _));
        forced.Accept("b"u8);
        Assert.True(forced.OnlyEnds);
    }

    [Fact]
    public void A_grammar_that_is_too_wide_to_be_followed_is_left_to_the_logits()
    {
        var wide = "root ::= " + string.Join(" | ", Enumerable.Range(0, 400).Select(i => $"[a-z] \"x{i}\""));
        var forced = new ForcedText(new GbnfMatcher(GbnfGrammar.Parse(wide)), TestModels.F32.Vocabulary.SpelledTokens);
        forced.Accept("q"u8);
        Assert.True(forced.IsLost);
        Assert.False(forced.TryCandidates(out _));
        Assert.Equal(0, forced.Draft(new int[4]));
        Assert.False(forced.OnlyEnds);
    }

    /// <summary>Where few characters may come a handful of tokens is looked at instead of all, and what is left of the logits is the same.</summary>
    [Theory]
    [InlineData("root ::= [0-9]{1,20} (\",\" [0-9]+)? \"}\"", 4)]
    [InlineData("root ::= (\"true\" | \"false\" | \"null\" | \"truth of it\" ) \" and the \" [ab] [^x]?", 4)]
    [InlineData("root ::= ([a-c]+ \" \" [é-ü])+", 2)]
    public void Narrow_choices_are_restricted_by_a_few_tokens(string grammar, int least)
    {
        foreach (var model in new[] { TestModels.Multibyte, TestModels.Nano, TestModels.F32 })
        {
            using var whole = GrammarConstraint.Parse(model, grammar, "root");
            using var followed = GrammarConstraint.Parse(model, grammar, "root", findForced: true);
            var forced = new ForcedText(new GbnfMatcher(GbnfGrammar.Parse(grammar)), model.Vocabulary.SpelledTokens);
            var random = new Random(7);
            var found = 0;
            for (var step = 0; step < 40; step++)
            {
                var expected = Enumerable.Range(0, model.VocabularySize).Select(_ => random.Next(9) == 0 ? float.NegativeInfinity : random.NextSingle()).ToArray();
                var logits = expected.ToArray();
                if (forced.TryNarrow(out var narrow))
                {
                    found++;
                    Assert.True(narrow.Count < model.VocabularySize / 2, $"{narrow.Count} of {model.VocabularySize}");
                }
                whole.Restrict(expected);
                followed.Restrict(logits);
                Assert.Equal(expected, logits);
                var texts = Enumerable.Range(0, logits.Length).Where(token => !float.IsNegativeInfinity(logits[token])).Except(model.EndTokens).ToList();
                if (texts.Count == 0)
                    break;
                var next = texts[random.Next(texts.Count)];
                whole.Accept(next);
                followed.Accept(next);
                forced.Accept(model.Vocabulary.Spelled(next));
            }
            Assert.True(found >= least, $"{found} narrow places with {model.Name}");
        }
    }

    private static (int Forced, int Single) Walk(LlamaModel model, string grammar, int seed)
    {
        const int Steps = 120;
        var random = new Random(seed);
        using var native = GrammarConstraint.Parse(model, grammar, "root");
        var forced = new ForcedText(new GbnfMatcher(GbnfGrammar.Parse(grammar)), model.Vocabulary.SpelledTokens);
        var written = new List<byte>();
        var (found, single) = (0, 0);
        for (var step = 0; step < Steps; step++)
        {
            var logits = new float[model.VocabularySize];
            native.Restrict(logits);
            var allowed = Enumerable.Range(0, logits.Length).Where(token => !float.IsNegativeInfinity(logits[token])).ToList();
            var texts = allowed.Except(model.EndTokens).ToList();
            if (forced.TryCandidates(out var candidates))
            {
                Assert.True(allowed.ToHashSet().SetEquals(candidates), $"after '{Encoding.UTF8.GetString([.. written])}': {string.Join(' ', candidates)} instead of {string.Join(' ', allowed)}");
                (found, single) = (found + 1, single + (candidates.Count == 1 ? 1 : 0));
            }
            if (forced.TryNarrow(out var narrow))
                Assert.Empty(texts.Except(narrow));
            Assert.Equal(texts.Count == 0 && allowed.Count > 0, forced.OnlyEnds);
            if (texts.Count == 0)
                break;
            var next = texts[random.Next(texts.Count)];
            native.Accept(next);
            forced.Accept(model.Vocabulary.Spelled(next));
            written.AddRange(model.Vocabulary.Spelled(next));
            if (!forced.IsLost)
                continue;
            // llama.cpp takes bytes for a character that are none.
            Assert.Contains('\uFFFD', Encoding.UTF8.GetString([.. written]));
            break;
        }
        return (found, single);
    }
}
