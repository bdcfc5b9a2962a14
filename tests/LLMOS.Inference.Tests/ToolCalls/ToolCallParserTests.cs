namespace LLMOS.Inference.Tests.ToolCalls;

public sealed class ToolCallParserTests
{
    [Theory]
    [InlineData("Hello, world.\n", "Hello, world.\n")]
    [InlineData("<think>\nHm.\n</think>\n\nYes.", "{Hm.}Yes.")]
    [InlineData("Let me look.\n<tool_call>\n{\"name\": \"look\", \"arguments\": {\"city\": \"Bern\", \"days\": [1, 2.5, {\"x\": null}]}}\n</tool_call>", "Let me look.#look({\"city\": \"Bern\", \"days\": [1, 2.5, {\"x\": null}]})")]
    [InlineData("<tool_call>{\"name\": \"a\", \"arguments\": {}}</tool_call>\n<tool_call>\n{\"arguments\": {\"x\": true}, \"name\": \"b\"}\n</tool_call>\nDone.", "#a({})#b({\"x\": true})Done.")]
    [InlineData("<think>why</think><tool_call>{\"name\": \"a\"}</tool_call>", "{why}#a({})")]
    [InlineData("<tool_call>{\"name\": \"a\", \"arguments\": \"{\\\"x\\\": 1}\"}</tool_call>", "#a({\"x\": 1})")]
    [InlineData("<tool_call>{\"name\": \"a\", \"arguments\": null}", "#a({})")]
    [InlineData("<tool_call>{\"name\": \"say\", \"arguments\": {\"text\": \"</tool_call> \\\" } \\u00e9\"}}</tool_call>", "#say({\"text\": \"</tool_call> \\\" } \\u00e9\"})")]
    [InlineData("say <tool_call> plainly", "say <tool_call> plainly")]
    [InlineData("<tool_call>{\"name\": 5, \"arguments\": {}}</tool_call>", "<tool_call>{\"name\": 5, \"arguments\": {}}</tool_call>")]
    [InlineData("x\n<tool_call>\n{\"nom\": \"a\"}\n</tool_call> y", "x\n<tool_call>\n{\"nom\": \"a\"}\n</tool_call> y")]
    [InlineData("<tool_call>{\"name\": \"a\", \"arguments\": [1]}</tool_call>", "<tool_call>{\"name\": \"a\", \"arguments\": [1]}</tool_call>")]
    [InlineData("a < b and <t> </tool_call>", "a < b and <t> </tool_call>")]
    [InlineData("about <think> later", "about <think> later")]
    [InlineData("<think>never ends", "{never ends}")]
    public void Hermes(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Hermes, answer));

    [Theory]
    [InlineData("The sky.", "The sky.")]
    [InlineData("{\"name\": \"look\", \"parameters\": {\"city\": \"Bern\"}}", "#look({\"city\": \"Bern\"})")]
    [InlineData(" {\"type\": \"function\", \"name\": \"a\", \"parameters\": {}}; {\"name\": \"b\", \"parameters\": {\"n\": 1}}", "#a({})#b({\"n\": 1})")]
    [InlineData("<|python_tag|>{\"name\": \"a\", \"parameters\": {\"q\": \"x\"}}<|eom_id|>", "#a({\"q\": \"x\"})<|eom_id|>")]
    [InlineData("<|python_tag|>brave_search.call(query=\"cats, dogs\", n=2)<|eom_id|>", "#brave_search({\"query\": \"cats, dogs\", \"n\": 2})")]
    [InlineData("<|python_tag|>print(1 + 2)\nx = '\"'", "#code_interpreter({\"code\": \"print(1 + 2)\\nx = '\\\"'\"})")]
    [InlineData("{\"answer\": 42}", "{\"answer\": 42}")]
    [InlineData("{not json", "{not json")]
    [InlineData("I say {\"name\": \"a\", \"parameters\": {}}", "I say {\"name\": \"a\", \"parameters\": {}}")]
    public void Llama3(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Llama3, answer));

    [Theory]
    [InlineData("{\"name\":\"look\",\"arguments\":{\"city\":\" New York\",\"says\":\"  \\\" x \",\"days\":3,\"list\":[\" a\",\"b\"]}}", "#look({\"city\":\"New York\",\"says\":\" \\\" x \",\"days\":3,\"list\":[\"a\",\"b\"]})")]
    [InlineData("{\"name\":\"stop\",\"arguments\":{}}", "#stop({})")]
    [InlineData("{\"name\":\"say\",\"arguments\":{\"path\":\" C:\\\\\",\"empty\":\"\",\"space\":\" \"}}", "#say({\"path\":\"C:\\\\\",\"empty\":\"\",\"space\":\"\"})")]
    [InlineData("I am nano.", "I am nano.")]
    [InlineData("{\"answer\": 42}", "{\"answer\": 42}")]
    public void Bare(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Bare, answer));

    [Theory]
    [InlineData("[TOOL_CALLS] [{\"name\": \"a\", \"arguments\": {\"x\": 1}, \"id\": \"abc123def\"}, {\"name\": \"b\", \"arguments\": {}}]", "#a({\"x\": 1})#b({})")]
    [InlineData("Wait.[TOOL_CALLS]look[ARGS]{\"city\": \"Bern\"}[TOOL_CALLS]look[CALL_ID]abc123def[ARGS]{\"city\": \"Basel\"}", "Wait.#look({\"city\": \"Bern\"})#look({\"city\": \"Basel\"})")]
    [InlineData("[TOOL_CALLS]look{\"city\": \"Bern\"}", "#look({\"city\": \"Bern\"})")]
    [InlineData("[THINK]so[/THINK]Yes", "{so}Yes")]
    [InlineData("[TOOL_CALLS] maybe not", "[TOOL_CALLS] maybe not")]
    [InlineData("[TOOL_CALLS][{\"name\": \"a\", \"arguments\": {}}, oops", "#a({}), oops")]
    [InlineData("[TOOL", "[TOOL")]
    public void Mistral(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Mistral, answer));

    [Theory]
    [InlineData("Look:<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>look\n```json\n{\"city\": \"Bern\"}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>b\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "Look:#look({\"city\": \"Bern\"})#b({})")]
    [InlineData("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>look<｜tool▁sep｜>{\"city\": \"Bern\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "#look({\"city\": \"Bern\"})")]
    [InlineData("<｜tool▁calls▁begin｜>nothing", "<｜tool▁calls▁begin｜>nothing")]
    [InlineData("<｜tool▁call▁begin｜>two words<｜tool▁sep｜>{}", "<｜tool▁call▁begin｜>two words<｜tool▁sep｜>{}")]
    public void DeepSeek(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.DeepSeek, answer));

    [Theory]
    [InlineData("<|tool_call|>[{\"name\": \"a\", \"arguments\": {\"x\": 1}}, {\"name\": \"b\", \"arguments\": {}}]", "#a({\"x\": 1})#b({})")]
    [InlineData("Yes.<|tool_call|>[{\"name\": \"a\", \"arguments\": {}}]<|/tool_call|>", "Yes.#a({})")]
    [InlineData("<tool_call>[{\"name\": \"a\", \"arguments\": {}}]", "#a({})")]
    [InlineData("<|tool_call|>[]", "<|tool_call|>[]")]
    public void Granite(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Granite, answer));

    [Theory]
    [InlineData("functools[{\"name\": \"a\", \"arguments\": {\"x\": 1}}]", "#a({\"x\": 1})")]
    [InlineData("Use functools in Python.", "Use functools in Python.")]
    public void Phi4(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Phi4, answer));

    [Theory]
    [InlineData("[look(city=\"Bern\", days=3), sum(xs=[1, -2.5], ok=True, none=None, m={'a': (1,)})]", "#look({\"city\": \"Bern\", \"days\": 3})#sum({\"xs\": [1, -2.5], \"ok\": true, \"none\": null, \"m\": {\"a\": [1]}})")]
    [InlineData("Sure.\n```tool_code\nlook(city='B)e\\'rn')\n```", "Sure.#look({\"city\": \"B)e'rn\"})")]
    [InlineData("<|tool_call_start|>[a()]<|tool_call_end|>ok", "#a({})ok")]
    [InlineData("[1, 2, 3]", "[1, 2, 3]")]
    [InlineData("[a link](http://x)", "[a link](http://x)")]
    [InlineData("[f(1)]", "[f(1)]")]
    [InlineData("[f(x=open())]", "[f(x=open())]")]
    [InlineData("[f(x=1), and then", "#f({\"x\": 1}), and then")]
    public void Pythonic(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Pythonic, answer));

    [Theory]
    [InlineData("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.", "{Hm.}Yes.")]
    [InlineData("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.look <|constrain|>json<|message|>{\"city\": \"Bern\"}<|call|>", "{Hm.}#look({\"city\": \"Bern\"})")]
    [InlineData("<|start|>assistant to=functions.a<|channel|>commentary json<|message|>{}<|call|>", "#a({})")]
    [InlineData("<|channel|>commentary<|message|>I will look.<|end|><|start|>assistant<|channel|>commentary to=functions.a<|message|>{\"x\": 1}", "I will look.#a({\"x\": 1})")]
    [InlineData("Plain.", "Plain.")]
    [InlineData("<|channel|>final", "<|channel|>final")]
    public void Harmony(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.Harmony, answer));

    [Theory]
    [InlineData("<|START_THINKING|>I look.<|END_THINKING|><|START_ACTION|>[\n {\"tool_call_id\": \"0\", \"tool_name\": \"look\", \"parameters\": {\"city\": \"Bern\"}}\n]<|END_ACTION|>", "{I look.}#look({\"city\": \"Bern\"})")]
    [InlineData("<|START_RESPONSE|>Yes.<|END_RESPONSE|>", "Yes.")]
    public void CommandR(string answer, string expected) => Assert.Equal(expected, Answers.Read(ToolCallFormat.CommandR, answer));

    [Fact]
    public void Thoughts_that_the_prompt_began_go_on() =>
        Assert.Equal("{Hm, so}Yes.", Answers.Read(ToolCallFormat.DeepSeek, "Hm, so\n</think>\n\nYes.", startsInReasoning: true));

    [Fact]
    public void A_name_is_known_before_the_arguments_are_complete_and_they_come_in_pieces()
    {
        var parser = ToolCallFormats.CreateParser(ToolCallFormat.Hermes);
        Assert.Empty(parser.Append("<tool_call>\n{\"name\": \"look\", "));
        Assert.Equal([Started("look"), new ChatDelta.ToolCallArguments(0, "{\"ci")], Known(parser.Append("\"arguments\": {\"ci")));
        Assert.Equal([new ChatDelta.ToolCallArguments(0, "ty\": \"B")], parser.Append("ty\": \"B"));
        Assert.Equal([new ChatDelta.ToolCallArguments(0, "ern\"}"), new ChatDelta.ToolCallEnded(0)], parser.Append("ern\"}}"));
        Assert.Empty(parser.Finish());

        static ChatDelta Started(string name) => new ChatDelta.ToolCallStarted(0, "", name);

        static IEnumerable<ChatDelta> Known(IEnumerable<ChatDelta> deltas) => deltas.Select(delta => delta is ChatDelta.ToolCallStarted call ? call with { Id = "" } : delta);
    }

    [Fact]
    public void A_call_that_breaks_off_is_withdrawn_and_becomes_content()
    {
        var deltas = Answers.Parse(ToolCallFormat.Hermes, ["ok\n<tool_call>{\"name\": \"look\", \"arguments\": {\"city\": ", "Bern}}"]);
        Assert.Equal("ok#look({\"city\": !\n<tool_call>{\"name\": \"look\", \"arguments\": {\"city\": Bern}}", Answers.Write(deltas));
        Assert.Equal("ok\n<tool_call>{\"name\": \"look\", \"arguments\": {\"city\": Bern}}", string.Concat(deltas.OfType<ChatDelta.Content>().Select(delta => delta.Text)));
        Assert.Contains(new ChatDelta.ToolCallWithdrawn(0), deltas);
    }

    [Theory]
    [InlineData(ToolCallFormat.DeepSeek, "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>{}", 256)]
    [InlineData(ToolCallFormat.Mistral, "[TOOL_CALLS]", "[ARGS]{}", 256)]
    public void A_name_that_goes_on_and_on_is_none_however_it_is_cut(ToolCallFormat format, string before, string after, int longest)
    {
        Assert.Equal($"#{new string('n', longest)}({{}})", Answers.Read(format, before + new string('n', longest) + after));
        var longer = before + new string('n', longest + 1) + after;
        Assert.Equal(longer, Answers.Read(format, longer));
    }

    [Fact]
    public void Ids_are_the_models_own_or_nine_letters_and_digits()
    {
        Assert.Equal("abc123def", Id(ToolCallFormat.Mistral, "[TOOL_CALLS]look[CALL_ID]abc123def[ARGS]{}"));
        Assert.Equal("7", Id(ToolCallFormat.CommandR, "<|START_ACTION|>[{\"tool_call_id\": \"7\", \"tool_name\": \"a\", \"parameters\": {}}]"));
        Assert.Matches("^[0-9A-Za-z]{9}$", Id(ToolCallFormat.Hermes, "<tool_call>{\"name\": \"a\"}"));

        static string Id(ToolCallFormat format, string answer) => Assert.Single(Answers.Parse(format, [answer]).OfType<ChatDelta.ToolCallStarted>()).Id;
    }
}
