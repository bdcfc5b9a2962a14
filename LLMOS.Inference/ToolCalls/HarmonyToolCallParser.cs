namespace LLMOS.Inference.ToolCalls;

/// <summary>
/// gpt-oss: messages with a header of channel and recipient. What goes to the analysis channel is thought, what goes to a function is a call,
/// everything else is content.
/// </summary>
internal sealed class HarmonyToolCallParser : OutputParser
{
    private const string Message = "<|message|>";
    private const string Recipient = "to=";
    private const string Functions = "functions.";
    private const int LongestHeader = 512;

    private static readonly string[] HeaderBegins = ["<|start|>", "<|channel|>"];
    private static readonly string[] BodyEnds = ["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"];

    protected override IEnumerable<int> Run()
    {
        while (true)
        {
            var (at, begin) = Input.Find(HeaderBegins);
            Output.Content(Input.Take(at));
            if (begin is null && Input.IsEnd)
            {
                Output.Content(Input.Take(Input.Length));
                yield break;
            }
            if (begin is null)
            {
                yield return MoreOutput;
                continue;
            }
            while (Input.IndexOf(Message) < 0 && Input.Length < LongestHeader + Message.Length && !Input.IsEnd)
                yield return MoreOutput;
            if (Input.IndexOf(Message) is var end && end is < 0 or > LongestHeader)
            {
                Output.Content(Input.Take(begin.Length));
                continue;
            }
            Input.BeginRecord();
            var header = Input.Take(end + Message.Length)[..^Message.Length];
            foreach (var wait in ReadBody(header))
                yield return wait;
        }
    }

    private IEnumerable<int> ReadBody(string header)
    {
        var function = FunctionOf(header);
        if (function is not null)
        {
            foreach (var wait in ReadArguments(function))
                yield return wait;
            yield break;
        }
        Input.EndRecord();
        var isReasoning = header.Contains("<|channel|>analysis", StringComparison.Ordinal);
        if (isReasoning)
            Output.BeginReasoning();
        while (true)
        {
            var (at, end) = Input.Find(BodyEnds);
            var text = Input.Take(at);
            if (isReasoning)
                Output.Reasoning(text);
            else
                Output.Content(text);
            if (end is not null || Input.IsEnd)
            {
                EndBody(end);
                break;
            }
            yield return MoreOutput;
        }
        if (isReasoning)
            Output.EndReasoning();
    }

    private IEnumerable<int> ReadArguments(string function)
    {
        Output.Start(id: null, function);
        var arguments = new JsonObjectReader(Input, Output);
        foreach (var wait in arguments.Read())
            yield return wait;
        var record = Input.EndRecord();
        if (arguments.Succeeded)
        {
            Output.EndCall();
        }
        else
        {
            Output.Withdraw();
            Output.Content(record);
        }
        while (!Input.IsEnd && Input.Find(BodyEnds) is (_, null))
            yield return MoreOutput;
        var (at, end) = Input.Find(BodyEnds);
        var rest = Input.Take(at);
        Output.Content(arguments.Succeeded ? rest.TrimStart() : rest);
        EndBody(end);
    }

    /// <summary>Passes the mark that ends a body; one that begins the next header stays.</summary>
    private void EndBody(string? end)
    {
        if (end is not null && !HeaderBegins.Contains(end))
            Input.Take(end.Length);
    }

    private static string? FunctionOf(string header)
    {
        var at = header.IndexOf(Recipient, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = header[(at + Recipient.Length)..];
        var end = rest.AsSpan().IndexOfAny(" <\t\n");
        var name = end < 0 ? rest : rest[..end];
        name = name.StartsWith(Functions, StringComparison.Ordinal) ? name[Functions.Length..] : name;
        return name.Length > 0 ? name : null;
    }
}
