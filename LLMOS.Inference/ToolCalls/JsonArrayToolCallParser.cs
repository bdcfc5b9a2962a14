namespace LLMOS.Inference.ToolCalls;

/// <summary>A mark and a JSON array of calls: Granite 3 and Phi-4.</summary>
/// <param name="openings">The marks that an array follows.</param>
/// <param name="closings">The marks that may follow the array.</param>
/// <param name="startsInReasoning">Whether the prompt already ends with <c>&lt;think&gt;</c>.</param>
internal sealed class JsonArrayToolCallParser(string[] openings, string[] closings, bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    protected override IReadOnlyList<string> Openings => openings;

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        var array = new JsonCallArrayReader(Input, Output);
        foreach (var wait in array.Read())
            yield return wait;
        Succeeded = array.Succeeded;
        foreach (var wait in Succeeded ? SkipMark(closings) : [])
            yield return wait;
    }
}
