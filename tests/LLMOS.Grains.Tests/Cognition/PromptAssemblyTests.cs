using CsCheck;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;

namespace LLMOS.Tests.Cognition;

public sealed class PromptAssemblyTests
{
    private const long Self = 7;

    private static readonly Gen<ContextEntry> Entries = Gen.Long[Self, Self + 2].Select(Gen.String[Gen.Char.AlphaNumeric, 1, 8])
        .Select((pid, text) => new ContextEntry(Guid.NewGuid(), pid, $"p{pid}", text, 1, default));

    [Fact]
    public void A_conversation_alternates_and_ends_with_the_user_whatever_was_left_out() => Entries.List[0, 12].Sample(history =>
    {
        var prompt = PromptAssembly.Conversation("role", [Self], history, "now");
        Assert.Equal(PromptRole.System, prompt[0].Role);
        for (var i = 1; i < prompt.Length; i++)
        {
            Assert.Equal(i % 2 == 1 ? PromptRole.User : PromptRole.Assistant, prompt[i].Role);
        }

        Assert.Equal(PromptRole.User, prompt[^1].Role);
        Assert.EndsWith("now", prompt[^1].Text, StringComparison.Ordinal);
    });

    [Fact]
    public void A_process_without_a_role_has_no_system_prompt() =>
        Assert.Equal([new PromptMessage(PromptRole.User, "now")], PromptAssembly.Conversation("", [Self], [], "now"));

    [Fact]
    public void Calls_are_the_assistants_and_their_results_the_tools()
    {
        ContextEntry[] history =
        [
            Entry(1, "how warm is it?"),
            Entry(Self, "") with { Data = TurnHeaders.Write([new ToolCall("a1", "look", "{}"), new ToolCall("a2", "ask", "{}")]) },
        ];
        var results = TurnHeaders.Write(new ToolResults([new ToolResult("a2", "no"), new ToolResult("a1", "21")], "and now?"));

        var prompt = PromptAssembly.Conversation("r", [Self], history, "no\n\n21\n\nand now?", results);

        Assert.Equal(
            [PromptRole.System, PromptRole.User, PromptRole.Assistant, PromptRole.Tool, PromptRole.Tool, PromptRole.User],
            prompt.Select(message => message.Role));
        Assert.Equal(["a1", "a2"], prompt[2].ToolCalls.Select(call => call.Id));
        Assert.Equal(("a2", "no", "21", "and now?"), (prompt[3].ToolCallId, prompt[3].Text, prompt[4].Text, prompt[5].Text));

        // What was kept of it makes the same prompt the next time.
        var later = PromptAssembly.Conversation("r", [Self], [.. history, Entry(1, "…") with { Data = results }, Entry(Self, "21 degrees")], "thanks");
        Assert.Equal(prompt.Select(message => message.Text), later.Take(prompt.Length).Select(message => message.Text));
        Assert.Equal((PromptRole.Assistant, PromptRole.User), (later[^2].Role, later[^1].Role));
    }

    [Theory]
    [InlineData("zz", "The result of the call 'zz' answers nothing: the process waits for a1.")]
    [InlineData("a1", "The result of the call 'a1' answers nothing: the process waits for no result.")]
    public void A_result_that_answers_no_call_is_refused(string id, string sentence)
    {
        ContextEntry[] history = [Entry(1, "q"), Entry(Self, "") with { Data = TurnHeaders.Write([new ToolCall("a1", "look", "{}")]) }];
        if (id == "a1")
        {
            history = [.. history, Entry(1, "21") with { Data = TurnHeaders.Write(new ToolResults([new ToolResult("a1", "21")], "")) }, Entry(Self, "done")];
        }

        var refused = Assert.Throws<LlmosException>(() =>
            PromptAssembly.Conversation("", [Self], history, "x", TurnHeaders.Write(new ToolResults([new ToolResult(id, "x")], ""))));
        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public void A_result_whose_call_was_left_out_goes_with_it_and_what_an_ancestor_said_is_its_own()
    {
        ContextEntry[] history =
        [
            Entry(1, "21") with { Data = TurnHeaders.Write(new ToolResults([new ToolResult("a1", "21")], "")) },
            Entry(1, "q"),
            Entry(Self + 1, "said by the parent"),
        ];
        var prompt = PromptAssembly.Conversation("", [Self, Self + 1], history, "now");
        Assert.Equal([PromptRole.User, PromptRole.Assistant, PromptRole.User], prompt.Select(message => message.Role));
    }

    [Fact]
    public void Headers_keep_what_they_carry_and_damage_is_named()
    {
        var options = TurnHeaders.ReadOptions("""{"Temperature":0,"Tools":[{"Name":"look","Description":"","Parameters":""}],"ToolChoice":"Required"}""");
        Assert.Equal((0f, "look", ToolChoice.Required, ""), (options.Temperature, options.Tools[0].Name, options.ToolChoice, options.RequiredTool));
        Assert.Equal(options.Tools, TurnHeaders.ReadOptions(TurnHeaders.Write(options)).Tools);
        Assert.Equal(40, options.Apply(new SamplingOptions()).TopK);
        Assert.StartsWith("The header 'turn-options' is not JSON such as ", Assert.Throws<LlmosException>(() => TurnHeaders.ReadOptions("{\"Heat\":1}")).Message, StringComparison.Ordinal);
        Assert.Contains("'tool-calls'", Assert.Throws<LlmosException>(() => TurnHeaders.ReadCalls("null,")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_work_is_quoted_with_names_and_the_message_comes_last()
    {
        ContextEntry[] shared = [new(Guid.NewGuid(), 1, "user", "build it", 2, default)];
        var prompt = PromptAssembly.SharedWork("You build.", shared, "architect", "the plan");
        Assert.Equal(
            [new PromptMessage(PromptRole.System, "You build."), new PromptMessage(PromptRole.User, "[user]\nbuild it\n\n[architect]\nthe plan\n\n")],
            prompt);
    }

    private static ContextEntry Entry(long pid, string text) => new(Guid.NewGuid(), pid, $"p{pid}", text, 1, default);

    [Fact]
    public void The_next_turns_prompt_begins_with_this_ones() => Entries.List[1, 8].Sample(entries =>
    {
        var last = entries[^1];
        var before = PromptAssembly.SharedWork("r", entries[..^1], last.Author, last.Text)[1].Text;
        var after = PromptAssembly.SharedWork("r", [.. entries, new ContextEntry(Guid.NewGuid(), Self, "me", "done", 1, default)], "you", "again")[1].Text;
        return after.StartsWith(before, StringComparison.Ordinal);
    });
}
