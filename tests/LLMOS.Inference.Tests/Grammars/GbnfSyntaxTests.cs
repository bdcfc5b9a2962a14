using LLMOS.Inference.Grammars;
using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Tests.Grammars;

public sealed class GbnfSyntaxTests
{
    [Theory]
    [InlineData("root ::= \"a\"")]
    [InlineData("# comment\nroot ::= item+ # more\nitem ::= \"a\" | [^b-d\\]] | .\n")]
    [InlineData("root ::= (\n  \"a\" |\n  \"b\"\n)* \"c\"?")]
    [InlineData("root ::= \"a\"{2} \"b\"{2,} \"c\"{0,3} [0-9]{1,4}")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F642\\n\\t\\\"\\\\\"")]
    [InlineData("root ::= \"(\" root \")\" | \"\"")]
    [InlineData("root ::= a | b\r\na ::= \"x\" b\r\nb ::= \"y\"")]
    [InlineData("root ::= <[5]> !<[6]> <|im_end|>")]
    [InlineData("root ::=\n \"a\"")]
    [InlineData("root ::= [a-]")]
    [InlineData("root ::= ")]
    [InlineData("root ::= empty \"a\"\nempty ::= \"\"")]
    public void What_llama_takes_is_taken(string grammar)
    {
        LlamaRuntime.EnsureLoaded();
        GrammarConstraint.Parse(TestModels.F32, grammar, "root").Dispose();
    }

    [Theory]
    [InlineData("root ::= \"unfinished", "line 1")]
    [InlineData("root ::= \"a\"\nnext = \"b\"", "line 2", "::=")]
    [InlineData("root ::= missing", "missing")]
    [InlineData("root ::= root \"a\"", "'root'", "begin with itself")]
    [InlineData("root ::= a \"x\"\na ::= b\nb ::= \"\" a", "begin with itself")]
    [InlineData("root ::= a root \"x\" | \"y\"\na ::= b\nb ::= \"\"", "'root'", "begin with itself")]
    [InlineData("root ::= (\"a\"?)*", "may be empty")]
    [InlineData("root ::= \"a\"?*", "may be empty")]
    [InlineData("root ::= a+\na ::= b\nb ::= \"\" | \"x\"", "may be empty")]
    [InlineData("other ::= \"a\"", "'root'")]
    [InlineData("root ::= [a-", "]")]
    [InlineData("root ::= [abc", "]")]
    [InlineData("root ::= [z-a]", "line 1, column 14", "ends before it begins")]
    [InlineData("root ::= \"a\"{5,2}", "{5,2}")]
    [InlineData("root ::= \"a\"{5,2", "}")]
    [InlineData("root ::= \"a\"{}", "number")]
    [InlineData("root ::= \"a\"{99999999999999999999}", "2000")]
    [InlineData("root ::= *", "nothing before *")]
    [InlineData("root ::= \"\\q\"", "\\q")]
    [InlineData("root ::= \"\\u12\"", "4 hexadecimal")]
    [InlineData("root ::= (\n\"a\\U00110000\")", "line 2, column 3", "\\U00110000", "\\U0010FFFF")]
    [InlineData("root ::= [\\UFFFFFFFF]", "line 1, column 11", "\\UFFFFFFFF")]
    [InlineData("root ::= (\"a\"", ")")]
    [InlineData("root ::= \"a\")", "end of the rule")]
    [InlineData("root ::= <[99999]>", "<[1023]>")]
    [InlineData("root ::= <no such token>", "one token")]
    [InlineData("root ::= <unclosed", "expected a token")]
    [InlineData("not a grammar", "::=")]
    [InlineData("ro\0ot ::= \"a\"", "zero")]
    public void What_llama_would_not_survive_or_print_is_refused_with_its_place(string grammar, params string[] parts) =>
        Sentences.Refused(LlamaError.GrammarInvalid, () => GrammarConstraint.Parse(TestModels.F32, grammar, "root"), parts);

    [Fact]
    public void Size_and_depth_are_bounded()
    {
        var vocabulary = TestModels.F32.Vocabulary;
        Sentences.Refused(LlamaError.GrammarInvalid, () => GbnfSyntax.Parse("root ::= " + new string('(', 100_000), "root", vocabulary), "nested");
        Sentences.Refused(LlamaError.GrammarInvalid, () => GbnfSyntax.Parse(new string('#', 300_000), "root", vocabulary), "300000");
        var chain = string.Concat(Enumerable.Range(0, 5000).Select(i => $"r{i} ::= r{i + 1}\n")) + "r5000 ::= \"a\"\nroot ::= r0";
        GrammarConstraint.Parse(TestModels.F32, chain, "root").Dispose();
        var wide = "root ::= " + string.Join(" | ", Enumerable.Range(0, 20_000).Select(i => $"\"w{i}\""));
        GrammarConstraint.Parse(TestModels.F32, wide, "root").Dispose();
    }
}
