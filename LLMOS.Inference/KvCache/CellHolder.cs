namespace LLMOS.Inference.KvCache;

/// <summary>The cells of one sequence, by position.</summary>
internal sealed class CellHolder
{
    public List<CellRun> Runs { get; } = [];

    /// <summary>All its cells.</summary>
    public int Count { get; set; }

    /// <summary>Those that nobody else has, which become free when it gives its cells back.</summary>
    public int Own
    {
        get
        {
            var own = 0;
            foreach (var run in Runs)
                own += run.Holders == 1 ? run.Length : 0;
            return own;
        }
    }
}
