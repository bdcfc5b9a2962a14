namespace LLMOS.Inference.ToolCalls;

/// <summary>DeepSeek: V3 and R1 write the kind, a separator, the name and JSON in a code block; V3.1 a name, a separator and JSON.</summary>
internal sealed class DeepSeekToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    private const string AllBegin = "<｜tool▁calls▁begin｜>";
    private const string AllEnd = "<｜tool▁calls▁end｜>";
    private const string Begin = "<｜tool▁call▁begin｜>";
    private const string End = "<｜tool▁call▁end｜>";
    private const string Separator = "<｜tool▁sep｜>";
    private const string CodeBlock = "```json";
    private const int LongestName = 256;

    protected override IReadOnlyList<string> Openings { get; } = [AllBegin, Begin];

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        foreach (var wait in opening == AllBegin ? SkipMark(Begin) : [])
            yield return wait;
        while (MayCome(Separator))
            yield return MoreOutput;
        if (Input.IndexOf(Separator) is < 0 or > LongestName)
            yield break;
        var name = Input.Take(Input.IndexOf(Separator)).Trim();
        Input.Take(Separator.Length);
        if (name == "function")
        {
            while (MayCome("\n"))
                yield return MoreOutput;
            name = Input.IndexOf("\n") is < 0 or > LongestName ? "" : Input.Take(Input.IndexOf("\n")).Trim();
        }
        foreach (var wait in SkipMark(CodeBlock))
            yield return wait;
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            yield break;
        Output.Start(id: null, name);
        var arguments = new JsonObjectReader(Input, Output);
        foreach (var wait in arguments.Read())
            yield return wait;
        Succeeded = arguments.Succeeded;
        if (!Succeeded)
            yield break;
        Output.EndCall();
        foreach (var wait in SkipMark("```").Concat(SkipMark(End)).Concat(SkipMark(AllEnd)))
            yield return wait;
    }

    /// <summary>Whether a mark has not come, but would not come too late.</summary>
    private bool MayCome(string mark) => Input.IndexOf(mark) < 0 && Input.Length < LongestName + mark.Length && !Input.IsEnd;
}
