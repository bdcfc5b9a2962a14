namespace LLMOS.Kernel.Processes;

/// <summary>
/// What a turn at durability <see cref="ProcessDurability.Token"/> has said. A part is in the log before it is shown; those
/// that are said while a write runs, or shortly after it, are the next write, so that saying waits for no disk. It outlives
/// the attempts at its turn in one activation and belongs to that activation.
/// </summary>
public sealed class TurnScript
{
    // A commit costs as much as a few tokens of a small model do; nobody who reads notices so short a wait.
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(20);

    private readonly ITurnLog _log;
    private readonly long _pid;
    private readonly Func<string, int, bool> _show;
    private readonly List<TurnPart> _durable;
    private List<TurnPart> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _shown;
    private int _shownLength;

    private TurnScript(ITurnLog log, long pid, Guid messageId, IReadOnlyList<TurnPart> parts, Func<string, int, bool> show)
    {
        _log = log;
        _pid = pid;
        _show = show;
        _durable = [.. parts];
        MessageId = messageId;
        Tokens = parts.Sum(part => (long)part.Tokens);
    }

    public Guid MessageId { get; }

    /// <summary>What the turn was begun with; null when it has not begun.</summary>
    public ReadOnlyMemory<byte>? Opening => _durable.Count > 0 ? _durable[0].Data : default(ReadOnlyMemory<byte>?);

    /// <summary>What it has said since, as far as that is durable.</summary>
    public IEnumerable<TurnPart> Said => _durable.Skip(1);

    /// <summary>Tokens of that.</summary>
    public long Tokens { get; private set; }

    /// <summary>Whether a write failed: what the log has is to be read anew.</summary>
    internal bool HasFailed => _writing.IsFaulted || _writing.IsCanceled;

    /// <summary>Begins the turn, with what another attempt needs to begin it in the same way.</summary>
    public Task BeginAsync(ReadOnlyMemory<byte> opening)
    {
        Say(new TurnPart(0, "", opening));
        return FlushAsync();
    }

    /// <summary>Says something: it is shown as soon as it is durable.</summary>
    /// <exception cref="LlmosException">Something said before could not be stored.</exception>
    public void Say(TurnPart part)
    {
        if (HasFailed)
        {
            _writing.GetAwaiter().GetResult();
        }

        _waiting.Add(part);
        if (_writing.IsCompleted)
        {
            _writing = WriteAsync();
        }
    }

    /// <summary>Completes when all that was said is durable.</summary>
    /// <exception cref="LlmosException">Something could not be stored.</exception>
    public async Task FlushAsync()
    {
        _hurry.TrySetResult();
        try
        {
            await _writing;
        }
        finally
        {
            _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Shows what has not been shown yet of a text that is durable elsewhere, too: all that the turn says.</summary>
    public void ShowWhole(string text, int tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        Show();
        if (text.Length > _shownLength && _show(text[_shownLength..], (int)Math.Max(0, tokens - Tokens)))
        {
            _shownLength = text.Length;
        }
    }

    /// <summary>Reads what a turn has said.</summary>
    /// <param name="log">Where it is.</param>
    /// <param name="pid">The process.</param>
    /// <param name="messageId">The message whose turn it is.</param>
    /// <param name="show">Shows a text and its tokens; false when nothing may be shown now.</param>
    /// <param name="former">The script of the same turn that is to be replaced, because a write of it failed; null for none.</param>
    internal static async Task<TurnScript> ReadAsync(ITurnLog log, long pid, Guid messageId, Func<string, int, bool> show, TurnScript? former) =>
        new(log, pid, messageId, await log.ReadAsync(pid, messageId), show) { _shown = former?._shown ?? 0, _shownLength = former?._shownLength ?? 0 };

    /// <summary>Shows what is durable and was not shown, which is what a former life said, or what came while nothing could be shown.</summary>
    internal void Show()
    {
        var (text, tokens) = (string.Concat(_durable.Skip(_shown).Select(part => part.Text)), _durable.Skip(_shown).Sum(part => part.Tokens));
        if (text.Length == 0 || _show(text, tokens))
        {
            _shown = _durable.Count;
            _shownLength += text.Length;
        }
    }

    private async Task WriteAsync()
    {
        while (_waiting.Count > 0)
        {
            var batch = _waiting;
            _waiting = [];
            await _log.AppendAsync(_pid, MessageId, _durable.Count, batch);
            _durable.AddRange(batch);
            Tokens += batch.Sum(part => part.Tokens);
            Show();
            await Task.WhenAny(_hurry.Task, Task.Delay(BetweenWrites));
        }
    }
}
