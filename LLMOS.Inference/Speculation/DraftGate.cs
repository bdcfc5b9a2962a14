namespace LLMOS.Inference.Speculation;

/// <summary>
/// How many tokens of a guess are worth a place in a step. It learns from guesses that are not decoded, too: they are compared with what the model says anyway, so nothing is
/// spent on finding out whether guessing pays again.
/// </summary>
internal sealed class DraftGate
{
    /// <summary>What one guess weighs beside all before it.</summary>
    private const double Weight = 0.2;

    private const double LeastCost = 0.02;

    private const double MostHits = 0.995;

    /// <summary>The chance that the next token is guessed right, if those before it were; 0 until a guess has shown itself.</summary>
    public double Hits { get; private set; }

    /// <summary>Tokens to draft: each is decoded in vain unless all before it are right, so the draft ends where that costs more than the token saves.</summary>
    /// <param name="cost">What one more token costs in a step, as a share of what a token costs there on average.</param>
    /// <param name="most">Most tokens.</param>
    public int Length(double cost, int most)
    {
        cost = Math.Max(cost, LeastCost);
        return cost >= 1 || Hits <= cost ? 0 : Math.Min(most, (int)(Math.Log(cost) / Math.Log(Math.Min(Hits, MostHits))));
    }

    /// <summary>A guess turned out right or wrong.</summary>
    public void Observe(bool right) => Hits += ((right ? 1 : 0) - Hits) * Weight;
}
