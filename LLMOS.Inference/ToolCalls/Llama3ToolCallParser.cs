namespace LLMOS.Inference.ToolCalls;

/// <summary>
/// Llama 3: an answer that is nothing but <c>{"name": …, "parameters": …}</c>, several with semicolons between them; behind
/// <c>&lt;|python_tag|&gt;</c> such a call, a call of a built-in tool like <c>brave_search.call(query="…")</c>, or a program.
/// </summary>
internal sealed class Llama3ToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    private const string PythonTag = "<|python_tag|>";

    /// <summary>What a program is passed to, as the model's card names it.</summary>
    private const string Interpreter = "code_interpreter";

    private static readonly string[] Ends = ["<|eom_id|>", "<|eot_id|>"];

    protected override IReadOnlyList<string> Openings { get; } = [PythonTag];

    protected override bool OpensBare(char character) => character == '{';

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        foreach (var wait in SkipSpace())
            yield return wait;
        if (opening.Length > 0 && !Input.IsEmpty && Input[0] != '{')
        {
            foreach (var wait in ReadProgram())
                yield return wait;
            yield break;
        }
        var call = new JsonCallReader(Input, Output, JsonCallKeys.Default);
        foreach (var wait in call.Read())
            yield return wait;
        Succeeded = call.Succeeded;
        foreach (var wait in Succeeded ? SkipMark(";") : [])
            yield return wait;
    }

    /// <summary>All of a program must have come before it can be told from the call of a built-in tool.</summary>
    private IEnumerable<int> ReadProgram()
    {
        while (!Input.IsEnd && Array.TrueForAll(Ends, end => Input.IndexOf(end) < 0))
            yield return MoreOutput;
        var program = Input.Take(Input.Find(Ends).At);
        foreach (var wait in SkipMark(Ends))
            yield return wait;
        if (program.Trim().Length == 0)
            yield break;
        var at = 0;
        Succeeded = true;
        if (PythonCall.TryParse(program.Trim(), ref at) is { } call && at == program.Trim().Length && call.Name.EndsWith(".call", StringComparison.Ordinal))
        {
            Output.Start(id: null, call.Name[..^".call".Length]);
            Output.Arguments(call.Arguments);
        }
        else
        {
            Output.Start(id: null, Interpreter);
            Output.Arguments($"{{\"code\": {JsonString.Of(program)}}}");
        }
        Output.EndCall();
    }
}
