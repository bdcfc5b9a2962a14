namespace LLMOS.Inference.ToolCalls;

/// <summary>Command R7B and A: thoughts, calls and the answer each between marks of their own.</summary>
internal sealed class CommandRToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    private const string Action = "<|START_ACTION|>";

    protected override IReadOnlyList<string> Openings { get; } = [Action, "<|START_RESPONSE|>", "<|END_RESPONSE|>"];

    protected override (string Open, string Close) ReasoningMarks => ("<|START_THINKING|>", "<|END_THINKING|>");

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        Succeeded = true;
        if (opening != Action)
            yield break;
        var array = new JsonCallArrayReader(Input, Output);
        foreach (var wait in array.Read())
            yield return wait;
        Succeeded = array.Succeeded;
        foreach (var wait in Succeeded ? SkipMark("<|END_ACTION|>") : [])
            yield return wait;
    }
}
