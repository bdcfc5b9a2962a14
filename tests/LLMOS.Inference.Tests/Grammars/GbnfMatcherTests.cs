using System.Text;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;
using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Tests.Grammars;

public sealed class GbnfMatcherTests
{
    private const string Json = """
        root ::= object
        value ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? "}"
        array ::= "[" ws (value ("," ws value)*)? "]"
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
        number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws ::= [ \t\n]{0,3}
        """;

    [Theory]
    [InlineData("root ::= \"a\"", "a", true)]
    [InlineData("root ::= \"a\"", "", false)]
    [InlineData("root ::= \"a\"", "aa", false)]
    [InlineData("root ::= ", "", true)]
    [InlineData("root ::= \"ab\"{2,3}", "abab", true)]
    [InlineData("root ::= \"ab\"{2,3}", "ababab", true)]
    [InlineData("root ::= \"ab\"{2,3}", "ab", false)]
    [InlineData("root ::= \"ab\"{2,3}", "abababab", false)]
    [InlineData("root ::= \"a\"{2}{3}", "aaaaaa", true)]
    [InlineData("root ::= \"a\"{2}{3}", "aaaaa", false)]
    [InlineData("root ::= [a-c]* \"c\"", "abcabc", true)]
    [InlineData("root ::= [a-c]* \"c\"", "abcab", false)]
    [InlineData("root ::= [^a-cé]+", "xyz🙂", true)]
    [InlineData("root ::= [^a-cé]+", "xé", false)]
    [InlineData("root ::= [🙂-🙄]", "🙃", true)]
    [InlineData("root ::= [^x]", "\0", false)]
    [InlineData("root ::= \"\\U0001F642\" . [\\]\\-x]", "🙂 -", true)]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "((()))", true)]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "((())", false)]
    [InlineData("root ::= (\"a\" | \"b\" | \"a\" \"b\") \"b\"?", "abb", true)]
    [InlineData("root ::= (\"a\" | \"b\" | \"a\" \"b\") \"b\"?", "bbb", false)]
    [InlineData("root ::= (\"a\"? \"b\"?){2}", "abab", true)]
    [InlineData("root ::= (\"a\"? \"b\"?){2}", "", true)]
    [InlineData("root ::= (\"a\"? \"b\"?){2}", "ba", true)]
    [InlineData("root ::= (\"a\"? \"b\"?){2}", "bba", false)]
    [InlineData(Json, """{"a": [1, -2.5e3, {"b": "\u00e9\n"}], "c":null}""", true)]
    [InlineData(Json, """{"a": [1, -2.5e3, {"b": "\u00e9\n"}], "c":null""", false)]
    [InlineData(Json, """{"a": 01}""", false)]
    public void A_text_fits_a_grammar_or_not(string grammar, string text, bool fits)
    {
        var matcher = new GbnfMatcher(GbnfGrammar.Parse(grammar));
        Assert.Equal(fits, matcher.Accept(text) && matcher.AllowsEnd);
    }

    [Theory]
    [InlineData("root ::= \"hello \" [a-z]", "", "hello ")]
    [InlineData("root ::= \"hello \" [a-z]", "he", "llo ")]
    [InlineData("root ::= \"hello\"?", "", null)]
    [InlineData("root ::= \"hello\" | \"help\"", "", "hel")]
    [InlineData("root ::= \"hello\" | \"help\"", "help", null)]
    [InlineData("root ::= [x] a | \"xyz\"\na ::= \"y\"{3}", "", "xy")]
    [InlineData("root ::= \"a\" ([b] \"c\")+", "", "abc")]
    [InlineData("root ::= . \"c\"", "", null)]
    [InlineData("root ::= \"é🙂\" [^x]", "", "é🙂")]
    [InlineData(Json, "", "{")]
    public void The_only_way_to_go_on_is_found(string grammar, string text, string? forced)
    {
        var matcher = new GbnfMatcher(GbnfGrammar.Parse(grammar));
        Assert.True(matcher.Accept(text));
        Assert.Equal(forced is not null, matcher.TryForced(out var actual));
        Assert.Equal(forced, actual);
        Assert.True(forced is null || matcher.Accept(forced));
    }

    [Fact]
    public void A_schema_forces_its_keys()
    {
        var matcher = new GbnfMatcher(GbnfGrammar.Parse(JsonSchemaGrammar.Convert("""{"properties":{"name":{"type":"string"},"kind":{"enum":["cat","cow"]}},"required":["name","kind"]}""")));
        Assert.True(matcher.TryForced(out var first));
        Assert.Equal("{\"name\":\"", first);
        Assert.True(matcher.Accept(first + "Tom\""));
        Assert.True(matcher.TryForced(out var second));
        Assert.Equal(",\"kind\":\"c", second);
        Assert.True(matcher.Accept(second + "a"));
        Assert.True(matcher.TryForced(out var third));
        Assert.Equal("t\"}", third);
    }

    [Fact]
    public void What_is_forced_without_end_is_cut() =>
        Assert.Equal("aaaaa", new GbnfMatcher(GbnfGrammar.Parse("root ::= \"a\" root")).TryForced(out var text, mostCharacters: 5) ? text : null);

    [Fact]
    public void What_does_not_fit_changes_nothing()
    {
        var matcher = new GbnfMatcher(GbnfGrammar.Parse("root ::= \"abc\""));
        Assert.False(matcher.Accept("abx"));
        Assert.True(matcher.Accept(new Rune('a')));
        Assert.False(matcher.Accept(new Rune('c')));
        var copy = matcher.Copy();
        Assert.True(copy.Accept("bc") && copy.AllowsEnd);
        Assert.False(matcher.AllowsEnd);
        Assert.True(matcher.Accept("bc"));
    }

    [Fact]
    public void Grammars_that_text_cannot_tell_or_that_explode_are_refused()
    {
        Sentences.Refused(LlamaError.NotSupported, () => _ = new GbnfMatcher(GbnfGrammar.Parse("root ::= <[5]> \"a\"")), "tokens");
        var wide = string.Concat(Enumerable.Range(0, 13).Select(i => $"r{i} ::= (\"a\"? r{i + 1}){{0,40}}\n")) + "r13 ::= \"a\"\nroot ::= r0";
        Sentences.Refused(LlamaError.GrammarInvalid, () => _ = new GbnfMatcher(GbnfGrammar.Parse(wide)).Accept(new string('a', 40)), "places at once");
    }

    [Fact]
    public void A_long_text_and_a_deep_one_are_followed()
    {
        var strings = new GbnfMatcher(GbnfGrammar.Parse(Json));
        Assert.True(strings.Accept("{\"a\":\"" + new string('x', 200_000) + "\"}"));
        Assert.True(strings.AllowsEnd);
        var nested = new GbnfMatcher(GbnfGrammar.Parse(Json));
        Assert.True(nested.Accept("{\"a\":" + new string('[', 50_000) + new string(']', 50_000) + "}"));
        Assert.True(nested.AllowsEnd);
    }

    public static TheoryData<string> Grammars => new(
        Json,
        "root ::= (\"yes\" | \"no\" | \"yesterday\") [ .!]{0,3} (\"é\" | [à-ü🙂])+ .?",
        "root ::= item{2,5} \"end\"\nitem ::= [a-z]+ (\" \" [^ \\n]{1,4})? \"\\n\"",
        "root ::= \"(\" root \")\" | [0-9]{1,3} | \"[\" root (\",\" root)* \"]\"",
        JsonSchemaGrammar.Convert("""{"properties":{"when":{"format":"date-time"},"n":{"type":"integer","minimum":-20,"maximum":1234},"tags":{"type":"array","items":{"type":"string","maxLength":5}}},"required":["n"],"additionalProperties":{"type":["boolean","null"]}}"""),
        JsonSchemaGrammar.Convert("""{"anyOf":[{"pattern":"^(a|b\\d)+[^x-z]{0,4}$"},{"type":"number","exclusiveMinimum":0,"maximum":2.5},{}]}""", new() { Whitespace = JsonWhitespace.Free }));

    /// <summary>At every step of random walks both say the same about every token of three vocabularies, and about the end.</summary>
    [Theory]
    [MemberData(nameof(Grammars))]
    public void It_agrees_with_llama(string grammar)
    {
        foreach (var model in new[] { TestModels.Multibyte, TestModels.Tiny, TestModels.Nano })
        {
            for (var seed = 0; seed < 3; seed++)
                Walk(model, grammar, new Random(seed));
        }
    }

    private static void Walk(LlamaModel model, string grammar, Random random)
    {
        const int Steps = 30;
        using var native = GrammarConstraint.Parse(model, grammar, "root");
        var matcher = new GbnfMatcher(GbnfGrammar.Parse(grammar));
        var written = new StringBuilder();
        for (var step = 0; step < Steps; step++)
        {
            var logits = new float[model.VocabularySize];
            native.Restrict(logits);
            var allowed = new List<int>();
            foreach (var end in model.EndTokens)
                Assert.True(matcher.AllowsEnd == !float.IsNegativeInfinity(logits[end]), $"the end after '{written}'");
            for (var token = 0; token < logits.Length; token++)
            {
                if (model.EndTokens.Contains(token) || model.Vocabulary.Piece(token) is not { Text: { Length: > 0 } text })
                    continue;
                var fits = matcher.Copy().Accept(text);
                Assert.True(fits == !float.IsNegativeInfinity(logits[token]), $"'{text}' after '{written}': {fits} here");
                if (fits)
                    allowed.Add(token);
            }
            if (allowed.Count == 0)
                break;
            var next = allowed[random.Next(allowed.Count)];
            native.Accept(next);
            Assert.True(matcher.Accept(model.Vocabulary.Piece(next).Text!));
            written.Append(model.Vocabulary.Piece(next).Text);
        }
    }
}
