namespace LLMOS.Simulator;

/// <summary>When each request of a trace got what, in seconds since the trace began, and how much was done in all.</summary>
/// <param name="requests">How many there are.</param>
internal sealed class Outcomes(int requests)
{
    private readonly double[] _admitted = new double[requests];
    private readonly double[] _firstToken = new double[requests];
    private readonly double[] _ended = new double[requests];

    public int Ended { get; private set; }

    public long Steps { get; private set; }

    public long DecodedTokens { get; private set; }

    public long PrefilledTokens { get; private set; }

    public long CachedTokens { get; private set; }

    public long Preemptions { get; private set; }

    public long Swaps { get; private set; }

    /// <summary>When the last request ended.</summary>
    public double Makespan { get; private set; }

    public ReadOnlySpan<double> Admitted => _admitted;

    public ReadOnlySpan<double> FirstTokens => _firstToken;

    public ReadOnlySpan<double> Ends => _ended;

    public void Admit(int number, double time, int cached)
    {
        _admitted[number] = time;
        CachedTokens += cached;
    }

    public void FirstToken(int number, double time) => _firstToken[number] = time;

    public void End(int number, double time)
    {
        _ended[number] = time;
        Ended++;
        Makespan = Math.Max(Makespan, time);
    }

    public void CountStep(int decodes, int prefills, int swaps)
    {
        Steps++;
        DecodedTokens += decodes;
        PrefilledTokens += prefills;
        Swaps += swaps;
    }

    public void CountPreemption() => Preemptions++;
}
