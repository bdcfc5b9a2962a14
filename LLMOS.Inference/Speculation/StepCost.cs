namespace LLMOS.Inference.Speculation;

/// <summary>What a step costs by its tokens: a line through the steps of late, with older ones fading. Belongs to the owner thread.</summary>
/// <remarks>Least squares, held to a prior slope where the steps are all of one size and tell no other.</remarks>
internal sealed class StepCost
{
    /// <summary>Larger steps tell little of what one token more costs in a small one.</summary>
    private const int MostTokens = 64;

    private const double Fading = 0.98;

    /// <summary>Until it is measured: half of what a token costs on average.</summary>
    private const double PriorShare = 0.5;

    /// <summary>How much spread of sizes, in squared tokens, weighs as much as the prior.</summary>
    private const double PriorWeight = 0.5;

    /// <summary>A step that took so many times the average was held up by something else; one that took so much less says that those before were.</summary>
    private const double Outlier = 4;

    private double _weight;
    private double _tokens;
    private double _seconds;
    private double _squares;
    private double _products;

    /// <summary>A step of so many tokens took so long.</summary>
    public void Observe(int tokens, TimeSpan took)
    {
        var seconds = took.TotalSeconds;
        if (tokens is < 1 or > MostTokens || seconds <= 0)
            return;
        var (few, many) = _weight == 0 ? (0, double.PositiveInfinity) : (Expected(Math.Min(tokens, _tokens / _weight)), Expected(Math.Max(tokens, _tokens / _weight)));
        if (seconds > Outlier * many)
            return;
        if (seconds * Outlier < few)
            (_weight, _tokens, _seconds, _squares, _products) = (0, 0, 0, 0, 0);
        _weight = (_weight * Fading) + 1;
        _tokens = (_tokens * Fading) + tokens;
        _seconds = (_seconds * Fading) + seconds;
        _squares = (_squares * Fading) + ((double)tokens * tokens);
        _products = (_products * Fading) + (tokens * seconds);
    }

    /// <summary>What one more token costs in a step of so many, as a share of what a token costs there on average: 0 to 1.</summary>
    public double Marginal(int tokens)
    {
        if (_weight == 0)
            return PriorShare;
        var (meanTokens, meanSeconds) = (_tokens / _weight, _seconds / _weight);
        var variance = (_squares / _weight) - (meanTokens * meanTokens);
        var covariance = (_products / _weight) - (meanTokens * meanSeconds);
        var prior = PriorShare * meanSeconds / meanTokens;
        var slope = Math.Max(0, (covariance + (PriorWeight * prior)) / (Math.Max(0, variance) + PriorWeight));
        var step = meanSeconds + (slope * (tokens - meanTokens));
        return step <= slope * tokens ? 1 : Math.Clamp(slope * tokens / step, 0, 1);
    }

    /// <summary>Seconds that so many tokens would take if all cost the same.</summary>
    private double Expected(double tokens) => tokens * _seconds / _tokens;
}
