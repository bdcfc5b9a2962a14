namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// Makes one order of several by reciprocal rank (Cormack et al. 2009), so that the scores of neither have to be put on the other's scale.
/// </summary>
internal sealed class ReciprocalRank
{
    /// <summary>The constant, as its authors use it.</summary>
    private const double Constant = 60;

    private readonly Dictionary<long, double> _scores = [];

    /// <summary>Adds an order, the best first.</summary>
    public void Add(IEnumerable<long> ids)
    {
        var rank = 1;
        foreach (var id in ids)
        {
            _scores[id] = _scores.GetValueOrDefault(id) + (1 / (Constant + rank++));
        }
    }

    /// <summary>All that was in an order, the best first, with its score.</summary>
    public IEnumerable<(long Id, double Score)> Order() =>
        _scores.OrderByDescending(score => score.Value).ThenBy(score => score.Key).Select(score => (score.Key, score.Value));
}
