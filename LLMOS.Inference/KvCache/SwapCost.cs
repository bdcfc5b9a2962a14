namespace LLMOS.Inference.KvCache;

/// <summary>
/// Whether saved KV is restored or computed again, by exponentially weighted rates of both as they were measured. Pure: is told the times.
/// </summary>
internal sealed class SwapCost(SwapInChoice choice)
{
    /// <summary>What the newest measurement weighs.</summary>
    private const double Newest = 0.2;

    /// <summary>After so many verdicts against restoring from a tier it is tried once more, since an estimate that nothing refreshes may be wrong for good.</summary>
    private const int Retry = 64;

    private readonly double?[] _bytesPerSecond = new double?[2];
    private readonly int[] _against = new int[2];

    /// <summary>Tokens that prefill computes in a second; null before a measurement.</summary>
    public double? PrefillTokensPerSecond { get; private set; }

    /// <summary>Whether KV is saved at all.</summary>
    public bool Saves => choice != SwapInChoice.Prefill;

    /// <summary>Bytes restored in a second from a tier; null before a measurement.</summary>
    public double? RestoreBytesPerSecond(StateTier tier) => _bytesPerSecond[(int)tier];

    public void Prefilled(int tokens, TimeSpan took)
    {
        if (tokens > 0 && took > TimeSpan.Zero)
            PrefillTokensPerSecond = Weigh(PrefillTokensPerSecond, tokens / took.TotalSeconds);
    }

    public void Restored(StateTier tier, long bytes, TimeSpan took)
    {
        _against[(int)tier] = 0;
        if (bytes > 0 && took > TimeSpan.Zero)
            _bytesPerSecond[(int)tier] = Weigh(_bytesPerSecond[(int)tier], bytes / took.TotalSeconds);
    }

    /// <summary>Whether to restore.</summary>
    /// <param name="tier">Where the saved KV lies.</param>
    /// <param name="bytes">How much must be read.</param>
    /// <param name="tokens">How many tokens would have to be computed instead.</param>
    public bool PrefersRestore(StateTier tier, long bytes, int tokens)
    {
        if (tokens <= 0 || choice == SwapInChoice.Prefill)
            return false;
        if (choice == SwapInChoice.Restore || _bytesPerSecond[(int)tier] is not { } restore || PrefillTokensPerSecond is not { } prefill)
            return true;
        if (bytes / restore <= tokens / prefill)
            return true;
        return ++_against[(int)tier] % Retry == 0;
    }

    private static double Weigh(double? known, double measured) => known is { } before ? before + (Newest * (measured - before)) : measured;
}
