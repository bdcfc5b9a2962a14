namespace LLMOS.Inference.Speculation;

/// <summary>
/// What one generation is expected to say next, and how well such guesses have done: the text that its grammar forces, or else what its own tokens repeat. Belongs to the owner thread.
/// </summary>
/// <param name="most">Most tokens of a guess; at least 1.</param>
internal sealed class Guess(int most)
{
    private readonly int[] _tokens = new int[most];
    private readonly PromptLookup _lookup = new();
    private readonly DraftGate _forced = new();
    private readonly DraftGate _repeated = new();
    private DraftGate _gate = null!;
    private int _start;
    private int _count;

    /// <summary>Tokens of it that are worth decoding before they are known.</summary>
    public ReadOnlySpan<int> Draft => _tokens.AsSpan(0, Drafted);

    public int Drafted { get; private set; }

    /// <summary>Guesses what follows a sequence's tokens, and how much of it to draft.</summary>
    /// <param name="history">The sequence's tokens.</param>
    /// <param name="sampler">Knows what the grammar forces.</param>
    /// <param name="cost">What one more token costs in the step, as a share of what a token costs there on average.</param>
    /// <param name="tokens">Tokens in the step without the draft.</param>
    /// <param name="room">Most tokens to draft.</param>
    public void Make(ReadOnlySpan<int> history, Sampling.TokenSampler sampler, double cost, int tokens, int room)
    {
        (_start, _gate, _count) = (history.Length, _forced, sampler.Draft(_tokens));
        if (_count == 0)
            (_gate, _count) = (_repeated, _lookup.Guess(history, _tokens));
        Drafted = Math.Min(_count, _gate.Length(cost, tokens, Math.Min(room, _tokens.Length)));
    }

    /// <summary>Compares the last guess with what came: as much of it as was drafted, or its first token if nothing was.</summary>
    public void Compare(ReadOnlySpan<int> history)
    {
        var compared = Math.Min(_count, Math.Max(1, Drafted));
        for (var i = 0; i < compared && _start + i < history.Length; i++)
        {
            var right = history[_start + i] == _tokens[i];
            _gate.Observe(right);
            if (!right)
                break;
        }
        Clear();
    }

    /// <summary>Nothing is guessed for the next step.</summary>
    public void Clear() => (_count, Drafted) = (0, 0);
}
