namespace LLMOS.Inference.ToolCalls;

/// <summary>nano: an answer that is nothing but <c>{"name": …, "arguments": …}</c>. Its texts begin with the space that words have in a text, which is taken off.</summary>
internal sealed class BareToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    protected override IReadOnlyList<string> Openings { get; } = [];

    protected override bool OpensBare(char character) => character == '{';

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        var call = new JsonCallReader(Input, Output, JsonCallKeys.Default, new LeadingSpaces());
        foreach (var wait in call.Read())
            yield return wait;
        Succeeded = call.Succeeded;
    }
}
