namespace LLMOS.Inference.ToolCalls;

/// <summary>
/// Gemma, Llama 4 and LFM2: a list of calls as Python writes them, bare, in a code block <c>tool_code</c>, or between marks. Each call is passed on
/// once it is whole.
/// </summary>
internal sealed class PythonicToolCallParser(bool startsInReasoning) : MarkedToolCallParser(startsInReasoning)
{
    private static readonly string[] Closings = ["```", "<|python_end|>", "<|tool_call_end|>"];

    protected override IReadOnlyList<string> Openings { get; } = ["```tool_code", "<|python_start|>", "<|tool_call_start|>"];

    protected override bool OpensBare(char character) => character == '[';

    protected override IEnumerable<int> ReadCalls(string opening)
    {
        foreach (var wait in SkipSpace())
            yield return wait;
        var isList = !Input.IsEmpty && Input[0] == '[';
        if (isList)
            Input.Take(1);
        while (true)
        {
            foreach (var wait in ReadCall())
                yield return wait;
            if (!Succeeded)
                yield break;
            Input.EndRecord();
            Input.BeginRecord();
            foreach (var wait in SkipSpace())
                yield return wait;
            if (!isList || Input.IsEmpty)
                break;
            var separator = Input[0];
            if (separator is ',' or ']')
                Input.Take(1);
            if (separator != ',')
                break;
        }
        foreach (var wait in opening.Length > 0 ? SkipMark(Closings) : [])
            yield return wait;
    }

    private IEnumerable<int> ReadCall()
    {
        Succeeded = false;
        int end;
        while ((end = FindEnd()) == 0 && !Input.IsEnd)
            yield return MoreOutput;
        if (end <= 0)
            yield break;
        var (at, text) = (0, Input.Take(end));
        if (PythonCall.TryParse(text, ref at) is not { } call || at != text.Length)
            yield break;
        Output.Start(id: null, call.Name);
        Output.Arguments(call.Arguments);
        Output.EndCall();
        Succeeded = true;
    }

    /// <summary>Where the call's last bracket ends; 0 when it has not come; -1 when what comes is no call.</summary>
    private int FindEnd()
    {
        var (depth, quote) = (0, '\0');
        for (var at = 0; at < Input.Length; at++)
        {
            var character = Input[at];
            if (quote != '\0')
            {
                if (character == '\\')
                    at++;
                else if (character == quote)
                    quote = '\0';
            }
            else if (character is '"' or '\'' && depth > 0)
            {
                quote = character;
            }
            else if (character is '(' or '[' or '{')
            {
                if (depth == 0 && (character != '(' || at == 0))
                    return -1;
                depth++;
            }
            else if (character is ')' or ']' or '}')
            {
                if (--depth <= 0)
                    return depth < 0 ? -1 : at + 1;
            }
            else if (depth == 0 && !char.IsLetterOrDigit(character) && character is not ('_' or '.' or '-') && !char.IsWhiteSpace(character))
            {
                return -1;
            }
        }
        return 0;
    }
}
