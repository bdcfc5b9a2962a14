namespace LLMOS.Inference.Speculation;

/// <summary>
/// How many tokens of a guess are worth a place in a step. It learns from guesses that are not decoded, too: they are compared with what the model says anyway, so nothing is
/// spent on finding out whether guessing pays again.
/// </summary>
internal sealed class DraftGate
{
    /// <summary>Guesses that are remembered; older ones fade.</summary>
    private const int Memory = 16;

    private int _seen = 1;

    /// <summary>The chance that the next token is guessed right, if those before it were; 0 until a guess has shown itself.</summary>
    public double Hits { get; private set; }

    /// <summary>
    /// Tokens to draft, so that the step brings the most tokens by its time. Each is computed in vain unless all before it are right, and a token that is accepted saves what a token costs then, which is less the
    /// better drafts do.
    /// </summary>
    /// <param name="cost">What one more token costs in the step, as a share of what a token costs there on average.</param>
    /// <param name="tokens">Tokens in the step without the draft; at least 1.</param>
    /// <param name="most">Most tokens to draft.</param>
    public int Length(double cost, int tokens, int most)
    {
        if (Hits <= cost)
            return 0;
        var (best, length, brought, right) = (1.0, 0, (double)tokens, 1.0);
        for (var i = 1; i <= most; i++)
        {
            right *= Hits;
            brought += right;
            var rate = brought / (tokens + (i * cost));
            if (rate <= best)
                break;
            (best, length) = (rate, i);
        }
        return length;
    }

    /// <summary>A guess turned out right or wrong.</summary>
    public void Observe(bool right)
    {
        _seen = Math.Min(_seen + 1, Memory);
        Hits += ((right ? 1 : 0) - Hits) / _seen;
    }
}
