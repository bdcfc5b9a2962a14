using System.Text;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Reads a call's arguments, a JSON object by itself, and passes them on as they come.</summary>
internal sealed class JsonObjectReader(OutputText input, DeltaWriter output)
{
    private readonly JsonScanner _scanner = new();

    /// <summary>Whether a whole object was read.</summary>
    public bool Succeeded { get; private set; }

    public IEnumerable<int> Read()
    {
        while (true)
        {
            var (count, isWrong) = (0, false);
            var passed = new StringBuilder();
            while (count < input.Length && !isWrong && !_scanner.IsComplete)
            {
                var character = input[count];
                var isSpace = _scanner.Depth == 0 && char.IsWhiteSpace(character);
                isWrong = (_scanner.Depth == 0 && character != '{' && !isSpace) || !_scanner.TryPush(character);
                if (!isWrong && !isSpace)
                    passed.Append(character);
                count += isWrong ? 0 : 1;
            }
            input.Take(count);
            output.Arguments(passed.ToString());
            Succeeded = _scanner.IsComplete;
            if (isWrong || Succeeded || input.IsEnd)
                yield break;
            yield return 0;
        }
    }
}
