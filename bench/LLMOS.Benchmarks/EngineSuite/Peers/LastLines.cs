namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>The end of what a child has said, for an error's sentence. Safe from any thread.</summary>
internal sealed class LastLines
{
    private const int Kept = 4;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line.Trim());
            while (_lines.Count > Kept)
                _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return _lines.Count == 0 ? "It said nothing." : $"Its last words: {string.Join(" | ", _lines)}";
    }
}
