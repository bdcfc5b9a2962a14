using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

public sealed class JsonSchemaGrammarTests
{
    private const string Optional = """{"properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":[],"additionalProperties":false}""";
    private const string OneRequired = """{"properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":["b"]}""";
    private const string Others = """{"properties":{"ab":{"const":1},"a":{"const":2},"x\"y":{"const":3}},"additionalProperties":{"type":"boolean"}}""";
    private const string Tree = """{"$ref":"#/$defs/node","$defs":{"node":{"properties":{"v":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["v","next"]}}}""";
    private const string Prefix = """{"prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":{"type":"null"},"minItems":1,"maxItems":4}""";
    private const string Merged = """{"allOf":[{"$ref":"#/$defs/a"},{"properties":{"n":{"maximum":5},"s":{"maxLength":2}},"required":["s"]}],"$defs":{"a":{"type":"object","properties":{"n":{"type":"integer","minimum":3},"s":{"type":"string"}}}}}""";

    [Theory]
    [InlineData("{}", """{"a":[1,2.5e-3,"x\n\u00e9\ud83d\ude42",null,true,{}]}""", true)]
    [InlineData("{}", "\"\\ud83d\"", false)]
    [InlineData("true", "[]", true)]
    [InlineData("""{"type":"object"}""", """{"x":{"y":[]}}""", true)]
    [InlineData("""{"type":"object"}""", "[]", false)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"type":["string","null"]}""", "\"null\"", true)]
    [InlineData("""{"type":["string","null"]}""", "1", false)]
    [InlineData("""{"type":"string"}""", "\"tab\there\"", false)]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "\"a\"", false)]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "\"a🙂\"", true)]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", """
        "\ud83d\ude42\n\""
        """, true)]
    [InlineData("""{"type":"string","minLength":2,"maxLength":3}""", "\"abcd\"", false)]
    [InlineData("""{"maxLength":0}""", "\"\"", true)]
    [InlineData("""{"maxLength":0}""", "\"a\"", false)]
    [InlineData(Optional, "{}", true)]
    [InlineData(Optional, """{"a":1}""", true)]
    [InlineData(Optional, """{"c":3}""", true)]
    [InlineData(Optional, """{"a":1,"c":3}""", true)]
    [InlineData(Optional, """{"a":1,"b":2,"c":3}""", true)]
    [InlineData(Optional, """{"c":3,"a":1}""", false)]
    [InlineData(Optional, """{,"a":1}""", false)]
    [InlineData(Optional, """{"a":1,}""", false)]
    [InlineData(Optional, """{"a":1"b":2}""", false)]
    [InlineData(Optional, """{"d":4}""", false)]
    [InlineData(OneRequired, "{}", false)]
    [InlineData(OneRequired, """{"b":2}""", true)]
    [InlineData(OneRequired, """{"a":1,"b":2}""", true)]
    [InlineData(OneRequired, """{"b":2,"c":3}""", true)]
    [InlineData(OneRequired, """{"a":1,"c":3}""", false)]
    [InlineData(OneRequired, """{"b":2,"d":true}""", false)]
    [InlineData(Others, "{}", true)]
    [InlineData(Others, """{"ab":1,"a":2,"x\"y":3,"abc":true,"":false,"b":true}""", true)]
    [InlineData(Others, """{"zzz":true,"b":false}""", true)]
    [InlineData(Others, """{"ab":true}""", false)]
    [InlineData(Others, """{"a":true}""", false)]
    [InlineData(Others, """{"\u0061":true}""", false)]
    [InlineData(Others, """{"x\"y":true}""", false)]
    [InlineData(Others, """{"x\"z":true,"x\"":true,"x":true,"aa":true,"\n":true}""", true)]
    [InlineData(Others, """{"abc":1}""", false)]
    [InlineData("""{"required":["k"],"additionalProperties":{"type":"integer"}}""", """{"k":1,"j":2}""", true)]
    [InlineData("""{"required":["k"],"additionalProperties":{"type":"integer"}}""", """{"j":2}""", false)]
    [InlineData(Tree, """{"v":1,"next":{"v":2,"next":null}}""", true)]
    [InlineData(Tree, """{"v":1,"next":{"v":2}}""", false)]
    [InlineData("""{"properties":{"self":{"$ref":"#"}}}""", """{"self":{"self":{}}}""", true)]
    [InlineData("""{"items":{"$ref":"#/prefixItems/0"},"prefixItems":[{"const":"x"}]}""", """["x","x"]""", true)]
    [InlineData("""{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":{"const":1}}}""", "1", true)]
    [InlineData(Prefix, "[]", false)]
    [InlineData(Prefix, "[1]", true)]
    [InlineData(Prefix, "[1,true]", true)]
    [InlineData(Prefix, "[1,true,null,null]", true)]
    [InlineData(Prefix, "[1,true,null,null,null]", false)]
    [InlineData(Prefix, "[1,null]", false)]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"items":false}""", "[]", true)]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"items":false}""", "[1,2]", true)]
    [InlineData("""{"prefixItems":[{"const":1},{"const":2}],"items":false}""", "[1,2,3]", false)]
    [InlineData("""{"items":{"const":1},"minItems":2,"maxItems":2}""", "[1,1]", true)]
    [InlineData("""{"items":{"const":1},"minItems":2,"maxItems":2}""", "[1]", false)]
    [InlineData("""{"items":{"const":1},"maxItems":0}""", "[]", true)]
    [InlineData("""{"items":{"const":1},"maxItems":0}""", "[1]", false)]
    [InlineData("""{"items":{"const":1},"minItems":3}""", "[1,1,1,1]", true)]
    [InlineData("""{"enum":["a\"b",1.50,null,{"x":[1,"y"]}]}""", """{"x":[1,"y"]}""", true)]
    [InlineData("""{"enum":["a\"b",1.50,null]}""", """
        "a\"b"
        """, true)]
    [InlineData("""{"type":"string","enum":["a",1]}""", "1", false)]
    [InlineData("""{"oneOf":[{"type":"integer"},{"const":"x"}]}""", "\"x\"", true)]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"b":{"const":2}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"b":2}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"b":{"const":2}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", "{}", false)]
    [InlineData(Merged, """{"n":4,"s":"ab"}""", true)]
    [InlineData(Merged, """{"n":6,"s":"ab"}""", false)]
    [InlineData(Merged, """{"n":2,"s":"ab"}""", false)]
    [InlineData(Merged, """{"n":4}""", false)]
    [InlineData("""{"allOf":[{"type":"number"},{"type":"integer","minimum":1}],"maximum":1}""", "1", true)]
    [InlineData("""{"type":"integer","exclusiveMinimum":1.5,"exclusiveMaximum":3}""", "2", true)]
    [InlineData("""{"type":"integer","exclusiveMinimum":1.5,"exclusiveMaximum":3}""", "3", false)]
    [InlineData("""{"minimum":1,"maximum":1e2}""", "99.5", true)]
    [InlineData("""{"format":"date"}""", "\"2024-02-29\"", true)]
    [InlineData("""{"format":"date"}""", "\"2000-02-29\"", true)]
    [InlineData("""{"format":"date"}""", "\"2023-02-29\"", false)]
    [InlineData("""{"format":"date"}""", "\"1900-02-29\"", false)]
    [InlineData("""{"format":"date"}""", "\"2024-04-31\"", false)]
    [InlineData("""{"format":"date"}""", "\"0000-01-01\"", false)]
    [InlineData("""{"format":"time"}""", "\"23:59:59.25+02:00\"", true)]
    [InlineData("""{"format":"time"}""", "\"24:00:00Z\"", false)]
    [InlineData("""{"format":"date-time"}""", "\"1999-12-31T00:00:00Z\"", true)]
    [InlineData("""{"format":"uuid"}""", "\"123e4567-e89b-12d3-a456-426614174000\"", true)]
    [InlineData("""{"format":"uuid"}""", "\"123e4567e89b12d3a456426614174000\"", false)]
    public void What_fits_a_schema_is_let_through_and_nothing_else(string schema, string text, bool fits) =>
        Assert.Equal(fits, Fits.Schema(schema, text.Trim()));

    [Theory]
    [InlineData("^[a-z]{2,3}$", "ab", true)]
    [InlineData("^[a-z]{2,3}$", "abcd", false)]
    [InlineData("b+", "abbc", true)]
    [InlineData("b+", "ac", false)]
    [InlineData("^a|c$", "abc", true)]
    [InlineData("^a|c$", "xc", true)]
    [InlineData("^a|c$", "bcb", false)]
    [InlineData(@"^(\d{3}-)?\w+\.(?:com|org)$", "123-a_B9.org", true)]
    [InlineData(@"^(\d{3}-)?\w+\.(?:com|org)$", "12-a.org", false)]
    [InlineData(@"^[^\d\s""]+$", "a\\b", true)]
    [InlineData(@"^[^\d\s""]+$", "a\"b", false)]
    [InlineData(@"^[^\d\s""]+$", "a1", false)]
    [InlineData(@"^a.c$", "a\"c", true)]
    [InlineData(@"^a.c$", "a\nc", false)]
    [InlineData(@"^\u00e9\x41\u{1F642}\n\t\\\/[\]\-]$", "éA🙂\n\t\\/-", true)]
    [InlineData(@"^(a*?b)+?$", "aabab", true)]
    [InlineData(@"^$", "", true)]
    [InlineData(@"^$", "a", false)]
    [InlineData(@"", "anything", true)]
    [InlineData(@"^(a|)b$", "b", true)]
    [InlineData(@"^[\x00-\x1F]{2}$", "\u0001\n", true)]
    [InlineData(@"^[\x02-\x04]$", "\u0003", true)]
    [InlineData(@"^[\x02-\x04]$", "\u0005", false)]
    [InlineData(@"^🙂{2}$", "🙂🙂", true)]
    public void Patterns_are_followed(string pattern, string text, bool fits) =>
        Assert.Equal(fits, Fits.Schema($$"""{"pattern":{{TestJson.Quote(pattern)}}}""", TestJson.Quote(text)));

    [Theory]
    [InlineData("[", "not JSON", "line 1")]
    [InlineData("{\n  \"type\": \n}", "not JSON", "line 3")]
    [InlineData("1", "at $:", "and this is 1")]
    [InlineData("false", "at $:", "nothing fits")]
    [InlineData("""{"type":"text"}""", "$.type", "'text'")]
    [InlineData("""{"type":["string",3]}""", "$.type[1]", "3")]
    [InlineData("""{"type":[]}""", "$.type", "empty")]
    [InlineData("""{"items":{"type":"string","type":"integer"}}""", "$.items.type", "twice")]
    [InlineData("""{"properties":{"a b":{"type":"integer","multipleOf":2}}}""", """$.properties["a b"].multipleOf""", "enum")]
    [InlineData("""{"properties":[1]}""", "$.properties", "a list")]
    [InlineData("""{"items":[{}]}""", "$.items", "prefixItems")]
    [InlineData("""{"items":{"not":{}}}""", "$.items.not")]
    [InlineData("""{"if":{}}""", "$.if", "anyOf")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "$.uniqueItems")]
    [InlineData("""{"colour":"red"}""", "$.colour", "'colour'")]
    [InlineData("""{"minLength":-1}""", "$.minLength", "-1")]
    [InlineData("""{"minLength":1.5}""", "$.minLength", "1.5")]
    [InlineData("""{"maxLength":10001}""", "$.maxLength", "10001", "10000")]
    [InlineData("""{"minLength":3,"maxLength":2}""", "minLength is 3", "maxLength is 2")]
    [InlineData("""{"minItems":3,"maxItems":2}""", "minItems is 3", "maxItems is 2")]
    [InlineData("""{"minItems":3,"prefixItems":[{}],"items":false}""", "at least 3", "only 1")]
    [InlineData("""{"type":"integer","minimum":1.2,"maximum":1.8}""", "no whole number")]
    [InlineData("""{"minimum":2,"exclusiveMaximum":2}""", "no number")]
    [InlineData("""{"minimum":"1"}""", "$.minimum", "\"1\"")]
    [InlineData("""{"exclusiveMinimum":true}""", "$.exclusiveMinimum", "true")]
    [InlineData("""{"minimum":1e40}""", "$.minimum", "30 digits")]
    [InlineData("""{"enum":[]}""", "$.enum", "empty")]
    [InlineData("""{"enum":[1],"type":"string"}""", "none of the values")]
    [InlineData("""{"enum":["a"],"maxLength":3}""", "lists values and limits")]
    [InlineData("""{"anyOf":[]}""", "$.anyOf")]
    [InlineData("""{"anyOf":[{"type":"string"},{"format":"email"}]}""", "$.anyOf[1].format", "'email'", "date-time")]
    [InlineData("""{"format":"date","maxLength":3}""", "only one of")]
    [InlineData("""{"minLength":1,"minimum":1}""", "add type")]
    [InlineData("""{"properties":{"a":{}},"required":["b"],"additionalProperties":false}""", "\"b\"", "required")]
    [InlineData("""{"$ref":"other.json"}""", "'other.json'", "$defs")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "'#/$defs/x'", "'$defs'")]
    [InlineData("""{"$ref":"#"}""", "comes back to itself")]
    [InlineData("""{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"oneOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}}}""", "comes back to itself")]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}},"required":["next"]}}}""", "never ends")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"integer"}]}""", "no type in common", "$.allOf[1]")]
    [InlineData("""{"allOf":[{"pattern":"a"},{"pattern":"b"}]}""", "pattern")]
    [InlineData("""{"allOf":[{"$ref":"#"}],"type":"object"}""", "nested deeper")]
    [InlineData("""{"pattern":"(a*)*"}""", "$.pattern", "may be empty")]
    [InlineData("""{"pattern":"a(?=b)"}""", "$.pattern", "character 2", "looking ahead")]
    [InlineData("""{"pattern":"(a"}""", "expected )")]
    [InlineData("""{"pattern":"a)"}""", "character 2")]
    [InlineData("""{"pattern":"[b-a]"}""", "range")]
    [InlineData("""{"pattern":"[]"}""", "no members")]
    [InlineData("""{"pattern":"\\1"}""", "\\1")]
    [InlineData("""{"pattern":"\\bword"}""", "\\b")]
    [InlineData("""{"pattern":"a{2,1}"}""", "ends before")]
    [InlineData("""{"pattern":"a{9999}"}""", "1000")]
    [InlineData("""{"pattern":"a^b"}""", "^ may only")]
    [InlineData("""{"pattern":"a$b"}""", "$ may only")]
    [InlineData("""{"pattern":"(a$)"}""", "$ may only")]
    [InlineData("""{"pattern":"*a"}""", "nothing")]
    [InlineData("""{"const":"\ud800"}""", "Unicode")]
    public void What_is_outside_the_subset_is_refused_with_its_place(string schema, params string[] parts) =>
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert(schema), parts);

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"items":""", 50)) + "{}" + new string('}', 50);
        Assert.NotEmpty(JsonSchemaGrammar.Convert(deep));
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert(deep, new() { MaxDepth = 20 }), "deeper than 20", ".items.items");
        // A property is two levels of JSON: what reads it must not give up before the bound.
        string Nested(int levels) => string.Concat(Enumerable.Repeat("""{"properties":{"a":""", levels)) + "{}" + new string('}', 2 * levels);
        Assert.NotEmpty(JsonSchemaGrammar.Convert(Nested(63)));
        Assert.NotEmpty(JsonSchemaGrammar.Convert(Nested(255), new() { MaxDepth = 256 }));
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert(Nested(64)), "deeper than 64", "$defs");
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert(Nested(50_000)), "deeper than 1024", "line 1");
        var large = $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"w{i}\""))}}]}""";
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert(large), "262144 characters");
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert("{}", new() { MaxCharacters = 10 }), "10 characters");
        Sentences.Refused(LlamaError.InvalidRequest, () => JsonSchemaGrammar.Convert("{}", new() { MaxDepth = 0 }), "MaxDepth is 0");
        Sentences.Refused(LlamaError.InvalidRequest, () => JsonSchemaGrammar.Convert("{}", new() { Whitespace = (JsonWhitespace)9 }), "Whitespace is 9");
        // Each level refers twice to the next one and has to be merged with it.
        string Reference(int level) => $"{{\"$ref\":\"#/$defs/l{level}\"}}";
        var levels = string.Concat(Enumerable.Range(0, 25).Select(i => $"\"l{i}\":{{\"allOf\":[{Reference(i + 1)},{Reference(i + 1)}]}},"));
        Sentences.Refused(LlamaError.SchemaInvalid, () => JsonSchemaGrammar.Convert("{\"$ref\":\"#/$defs/l0\",\"$defs\":{" + levels + "\"l25\":{\"type\":\"null\"}}}"), "50000 schemas");
        var wide = "{\"properties\":{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"p{i}\":{{\"type\":\"integer\"}}")) + "}}";
        Assert.True(Fits.Schema(wide, """{"p7":1,"p999":2}"""));
    }

    [Fact]
    public void White_space_stands_where_the_option_says()
    {
        const string Schema = """{"properties":{"a":{"items":{"type":"integer"}},"b":{"const":{"x":[1,2]}}},"required":["a","b"]}""";
        const string Compact = """{"a":[1,2],"b":{"x":[1,2]}}""";
        const string Spaced = """{"a": [1, 2], "b": {"x": [1, 2]}}""";
        const string Free = "{ \"a\" :[\n1,\t2 ] , \"b\": {\"x\":[1 ,2]} }";
        bool Fit(JsonWhitespace whitespace, string text) => Fits.Schema(Schema, text, new() { Whitespace = whitespace });
        Assert.Equal([true, false, false], new[] { Compact, Spaced, Free }.Select(text => Fit(JsonWhitespace.Compact, text)));
        Assert.Equal([false, true, false], new[] { Compact, Spaced, Free }.Select(text => Fit(JsonWhitespace.Spaced, text)));
        Assert.Equal([true, true, true], new[] { Compact, Spaced, Free }.Select(text => Fit(JsonWhitespace.Free, text)));
    }

    [Fact]
    public void Objects_are_open_when_asked_for()
    {
        const string Schema = """{"properties":{"a":{"const":1}}}""";
        Assert.False(Fits.Schema(Schema, """{"a":1,"b":2}"""));
        Assert.True(Fits.Schema(Schema, """{"a":1,"b":2}""", new() { OpenObjects = true }));
    }

    [Fact]
    public void The_grammar_is_short_and_always_the_same()
    {
        const string Schema = """{"properties":{"The Name!":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":120},"id":{"type":"string"}},"required":["The Name!","age"]}""";
        Assert.Equal(
            """
            root ::= "{" "\"The Name!\"" ":" string "," "\"age\"" ":" age ("," "\"id\"" ":" string)? "}"
            hex ::= [0-9a-fA-F]
            char ::= [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-ce-fA-CE-F] hex{3} | [dD] [0-7] hex{2} | [dD] [89abAB] hex{2} "\\u" [dD] [c-fC-F] hex{2}))
            string ::= "\"" char* "\""
            age ::= [0-9] | [1-9] [0-9] | "1" ([0-1] [0-9] | "2" "0")

            """,
            JsonSchemaGrammar.Convert(Schema));
        Assert.Equal(JsonSchemaGrammar.Convert(Schema), JsonSchemaGrammar.Convert(Schema));
    }

    [Fact]
    public void Names_of_rules_are_safe()
    {
        string[] names = ["root", "string", "value", "ä::=\\\"", "", "a b", "a-b", new string('x', 500)];
        var schema = "{\"properties\":{" + string.Join(',', names.Select((name, i) => $"\"{name}\":{{\"type\":\"integer\",\"minimum\":{i}}}")) + "}}";
        var grammar = GbnfGrammar.Parse(JsonSchemaGrammar.Convert(schema));
        Assert.All(grammar.Rules.Keys, name => Assert.Matches("^[a-z0-9][a-z0-9-]{0,60}$", name));
    }
}
