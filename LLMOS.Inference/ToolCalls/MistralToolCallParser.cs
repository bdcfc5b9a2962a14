namespace LLMOS.Inference.ToolCalls;

/// <summary>
/// Mistral: <c>[TOOL_CALLS]</c> and an array of calls, or, from its eleventh tokenizer on, a name, perhaps <c>[CALL_ID]</c> and an id, perhaps
/// <c>[ARGS]</c>, and the arguments.
/// </summary>
internal sealed class MistralToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    private const int LongestName = 256;

    private static readonly string[] Marks = ["[CALL_ID]", "[ARGS]", "{"];

    protected override IReadOnlyList<string> Openings { get; } = ["[TOOL_CALLS]"];

    protected override (string Open, string Close) ReasoningMarks => ("[THINK]", "[/THINK]");

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        foreach (var wait in SkipSpace())
            yield return wait;
        if (Input.IsEmpty || Input[0] is '[' or '{')
        {
            var array = new JsonCallArrayReader(Input, Output);
            foreach (var wait in array.Read())
                yield return wait;
            Succeeded = array.Succeeded;
            yield break;
        }
        string? mark;
        while (FindMark(out mark) is { } length && mark is null && length <= LongestName && !Input.IsEnd)
            yield return MoreOutput;
        if (mark is null || Input.IndexOf(mark) > LongestName)
            yield break;
        var name = Input.Take(Input.IndexOf(mark)).Trim();
        string? id = null;
        if (mark == "[CALL_ID]")
        {
            Input.Take(mark.Length);
            while (FindMark(out mark) is { } length && mark is null && length <= LongestName && !Input.IsEnd)
                yield return MoreOutput;
            if (mark is null)
                yield break;
            id = Input.Take(Input.IndexOf(mark)).Trim();
        }
        if (mark == "[ARGS]")
            Input.Take(mark.Length);
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            yield break;
        Output.Start(id, name);
        var arguments = new JsonObjectReader(Input, Output);
        foreach (var wait in arguments.Read())
            yield return wait;
        Succeeded = arguments.Succeeded;
        if (Succeeded)
            Output.EndCall();
    }

    /// <summary>The mark that comes next, if it has come, and the characters before it.</summary>
    private int FindMark(out string? mark)
    {
        (var at, mark) = Input.Find(Marks);
        return at;
    }
}
