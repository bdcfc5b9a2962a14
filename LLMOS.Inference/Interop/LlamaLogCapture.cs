namespace LLMOS.Inference.Interop;

/// <summary>The errors that llama.cpp logged on one thread during one call.</summary>
internal sealed class LlamaLogCapture(LlamaLogCapture? previous) : IDisposable
{
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public void Add(LlamaLogLevel level, string line)
    {
        if (level == LlamaLogLevel.Error)
            _errors.Add(line);
        previous?.Add(level, line);
    }

    /// <summary>The first error without the name of the C function that it begins with, in parentheses; empty when there was none.</summary>
    public string Because()
    {
        if (_errors.Count == 0)
            return "";
        var text = _errors[0];
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon > 0 && !text.AsSpan(0, colon).Contains(' '))
            text = text[(colon + 2)..];
        const string Loading = "error loading model: ";
        if (text.StartsWith(Loading, StringComparison.Ordinal))
            text = text[Loading.Length..];
        return $" ({text.TrimEnd('.', ' ')})";
    }

    public void Dispose() => LlamaLog.Release(previous);
}
