namespace LLMOS.Inference.ToolCalls;

/// <summary>Output without calls: thoughts and content.</summary>
internal sealed class PlainOutputParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    protected override IReadOnlyList<string> Openings => [];

    protected override IEnumerable<int> ReadCalls(string opening) => [];
}
