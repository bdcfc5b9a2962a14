namespace LLMOS.Inference.ToolCalls;

/// <summary>Runs a parser that is written as one sequence of steps: each step that it yields waits for more output.</summary>
internal abstract class OutputParser : IToolCallParser
{
    /// <summary>What a parser yields to wait for more output.</summary>
    protected const int MoreOutput = 0;

    private IEnumerator<int>? _run;
    private bool _done;

    protected OutputText Input { get; } = new();

    protected DeltaWriter Output { get; } = new();

    public IReadOnlyList<ChatDelta> Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Input.Append(text);
        Resume();
        return Output.Take();
    }

    public IReadOnlyList<ChatDelta> Finish()
    {
        Input.End();
        Resume();
        Output.Finish();
        return Output.Take();
    }

    /// <summary>Reads all output; must not wait once the input has ended.</summary>
    protected abstract IEnumerable<int> Run();

    private void Resume()
    {
        _run ??= Run().GetEnumerator();
        do
        {
            _done = _done || !_run.MoveNext();
        }
        while (!_done && Input.IsEnd);
    }
}
