namespace LLMOS.Inference.ToolCalls;

/// <summary>Hermes, Qwen 2.5 and 3, Granite 4: a JSON object in <c>&lt;tool_call&gt;</c> and <c>&lt;/tool_call&gt;</c>.</summary>
internal sealed class HermesToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    protected override IReadOnlyList<string> Openings { get; } = ["<tool_call>"];

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        var call = new JsonCallReader(Input, Output, JsonCallKeys.Default);
        foreach (var wait in call.Read())
            yield return wait;
        Succeeded = call.Succeeded;
        // The call stands without its end too: a model that stops early has said all of it.
        foreach (var wait in Succeeded ? SkipMark("</tool_call>") : [])
            yield return wait;
    }
}
