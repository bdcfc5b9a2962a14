using ModelForge.Corpus;
using ModelForge.Corpus.Shell;

namespace ModelForge.Tests.Shell;

public sealed class TemplateFileTests
{
    [Fact]
    public void Alternatives_options_lists_slots_and_escapes_are_expanded()
    {
        var templates = TemplateFile.Parse("test", """
            # a comment
            @verb = end | (shut|close) down
            [please ]@verb {pid}\# => kill pid={pid}
            say \(x\) to {pid}: "{text}" => send pid={pid} text={text}
            what? => ? Say {pid}.
            """);

        Assert.Equal(3, templates.Count);
        var random = new CorpusRandom(1);
        var said = Enumerable.Range(0, 100).Select(_ => Said(templates[0], random)).ToHashSet();
        Assert.Equal(
            ["close down <pid>#", "end <pid>#", "please close down <pid>#", "please end <pid>#", "please shut down <pid>#", "shut down <pid>#"], said.Order());
        Assert.Equal("say (x) to <pid>: \"<text>\"", Said(templates[1], random));
        Assert.Equal((0, "Say {pid}."), (templates[2].Calls.Count, templates[2].Answer));
    }

    [Fact]
    public void Several_calls_lists_and_quoted_words_are_read()
    {
        var calls = TemplateFile.ParseCalls("""spawn role="code reviewer; fast" after=[{pid},{pid2}] inheritContext=true; ps""");
        Assert.Equal(["spawn", "ps"], calls.Select(call => call.Name));
        Assert.Equal(["role=code reviewer; fast", "after=[{pid},{pid2}]", "inheritContext=true"], calls[0].Arguments.Select(argument => $"{argument.Key}={argument.Value}"));
        var call = SentenceMaker.Call(calls[0], new Dictionary<string, string> { ["pid"] = "12", ["pid2"] = "poet" });
        Assert.Equal("spawn after=[12,poet] inheritContext=true role=\"code reviewer; fast\"", call.ToString());
    }

    [Theory]
    [InlineData("kill (it|them => kill pid={pid}", "test, line 1: a ')' is missing")]
    [InlineData("kill {pid => kill pid={pid}", "line 1")]
    [InlineData("\nkill @them => kill pid={pid}", "test, line 2: there is no list @them")]
    [InlineData("kill {pid}", "there is no =>")]
    [InlineData("kill {pid} => slay pid={pid}", "there is no system call 'slay'")]
    [InlineData("kill {pid} => kill who={pid}", "'who={pid}' is no argument of kill")]
    [InlineData("kill {pid} =>", "there is no call")]
    [InlineData("a ) b => ps", "')' closes nothing")]
    public void A_wrong_line_is_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => TemplateFile.Parse("test", text)).Message, StringComparison.Ordinal);

    private static string Said(Template template, CorpusRandom random) => string.Concat(template.Expand(random).Select(part => part switch
    {
        TemplateNode.Words words => words.Text,
        TemplateNode.Slot slot => $"<{slot.Name}>",
        _ => throw new InvalidOperationException("An expansion has words and slots only."),
    }));
}
