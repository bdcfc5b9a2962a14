namespace LLMOS.Inference.ToolCalls;

/// <summary>Reads a JSON array of calls, or one call without brackets. Calls that were whole stay, whatever follows them.</summary>
internal sealed class JsonCallArrayReader(OutputText input, DeltaWriter output)
{
    /// <summary>Whether at least one call was read and nothing malformed came before the end.</summary>
    public bool Succeeded { get; private set; }

    public IEnumerable<int> Read()
    {
        foreach (var wait in SkipSpace())
            yield return wait;
        var isArray = !input.IsEmpty && input[0] == '[';
        if (isArray)
            input.Take(1);
        while (true)
        {
            var call = new JsonCallReader(input, output, JsonCallKeys.Default);
            foreach (var wait in call.Read())
                yield return wait;
            Succeeded = call.Succeeded;
            if (!Succeeded || !isArray)
                yield break;
            // What is read of the array's rest belongs to the next call, should that be malformed.
            input.EndRecord();
            input.BeginRecord();
            foreach (var wait in SkipSpace())
                yield return wait;
            if (input.IsEmpty)
                yield break;
            var separator = input[0];
            if (separator is not (',' or ']'))
                yield break;
            input.Take(1);
            if (separator == ']')
                yield break;
        }
    }

    private IEnumerable<int> SkipSpace()
    {
        while (true)
        {
            input.Take(input.CountSpace());
            if (!input.IsEmpty || input.IsEnd)
                yield break;
            yield return 0;
        }
    }
}
