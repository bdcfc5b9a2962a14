using CsCheck;

namespace LLMOS.Inference.Tests.ToolCalls;

/// <summary>Whatever a model writes, no parser throws, and what is not a call is all there as content or thought.</summary>
public sealed class ToolCallFuzzTests
{
    private static readonly string[] Words =
    [
        "<tool_call>", "</tool_call>", "<|tool_call|>", "<think>", "</think>", "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "functools", "<|python_tag|>", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>",
        "<｜tool▁call▁end｜>", "<|channel|>", "<|message|>", "<|start|>", "<|end|>", "<|call|>", "analysis", "final", "commentary to=functions.f", "<|START_ACTION|>", "```tool_code\n", "```", "function", "name", "\n", " ", "x",
        "{", "}", "[", "]", "\"", ":", ",", "\"name\"", "\"arguments\"", "\"f\"", "{\"name\": \"f\", \"arguments\": {", "{\"name\": \"f\"}", "f(", "a=", "1", ")", "'", "\\", "true", "null", "-", "1.5e", "\\u12", "<", "|",
    ];

    public static TheoryData<ToolCallFormat> Formats => new(Enum.GetValues<ToolCallFormat>());

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_output_does_no_harm_however_it_is_cut(ToolCallFormat format) =>
        Gen.Select(Gen.Int[0, Words.Length - 1].Array[0, 25], Gen.Int[1, 7]).Sample(
            (words, size) =>
            {
                var answer = string.Concat(words.Select(word => Words[word]));
                var whole = Answers.Parse(format, [answer]);
                var cut = Answers.Parse(format, answer.Chunk(size).Select(piece => new string(piece)));
                return Calls(whole).SequenceEqual(Calls(cut)) && Content(whole) == Content(cut) && Calls(whole).All(IsObject);
            },
            iter: 10_000,
            seed: "0000000000000",
            threads: 1);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Output_without_a_mark_is_content_to_the_last_character(ToolCallFormat format) =>
        Gen.Char["abc \n\t.,;<>|ü🙂"].Array[0, 100].Sample(characters => Content(Answers.Parse(format, characters.Select(character => character.ToString()))) == new string(characters), iter: 1000, seed: "0000000000000", threads: 1);

    private static string Content(IEnumerable<ChatDelta> deltas) => string.Concat(deltas.OfType<ChatDelta.Content>().Select(delta => delta.Text));

    /// <summary>The calls that were not withdrawn.</summary>
    private static IEnumerable<string> Calls(IReadOnlyList<ChatDelta> deltas) =>
        deltas.OfType<ChatDelta.ToolCallEnded>().Select(ended =>
            string.Concat(deltas.OfType<ChatDelta.ToolCallStarted>().Where(call => call.Index == ended.Index).Select(call => call.Name))
            + "\n" + string.Concat(deltas.OfType<ChatDelta.ToolCallArguments>().Where(call => call.Index == ended.Index).Select(call => call.Json)));

    private static bool IsObject(string call)
    {
        using var document = System.Text.Json.JsonDocument.Parse(call[(call.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object;
    }
}
