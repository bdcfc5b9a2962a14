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
        var prompt = PromptAssembly.Conversation("role", Self, history, "now");
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
        Assert.Equal([new PromptMessage(PromptRole.User, "now")], PromptAssembly.Conversation("", Self, [], "now"));

    [Fact]
    public void Shared_work_is_quoted_with_names_and_the_message_comes_last()
    {
        ContextEntry[] shared = [new(Guid.NewGuid(), 1, "user", "build it", 2, default)];
        var prompt = PromptAssembly.SharedWork("You build.", shared, "architect", "the plan");
        Assert.Equal(
            [new PromptMessage(PromptRole.System, "You build."), new PromptMessage(PromptRole.User, "[user]\nbuild it\n\n[architect]\nthe plan\n\n")],
            prompt);
    }

    [Fact]
    public void The_next_turns_prompt_begins_with_this_ones() => Entries.List[1, 8].Sample(entries =>
    {
        var last = entries[^1];
        var before = PromptAssembly.SharedWork("r", entries[..^1], last.Author, last.Text)[1].Text;
        var after = PromptAssembly.SharedWork("r", [.. entries, new ContextEntry(Guid.NewGuid(), Self, "me", "done", 1, default)], "you", "again")[1].Text;
        return after.StartsWith(before, StringComparison.Ordinal);
    });
}
