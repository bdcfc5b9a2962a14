namespace LLMOS.Inference.Planning;

/// <summary>What one sequence has been served and how long it waits: the part of a <see cref="SequenceState"/> that whoever runs the plans keeps.</summary>
public sealed class ServiceAccount
{
    private long _waitsSince;
    private long _window = -1;
    private double _windowService;
    private bool _paused;

    /// <summary>As in <see cref="SequenceState.VirtualTime"/>.</summary>
    public double VirtualTime { get; private set; }

    /// <summary>The step that served it last; 0 for none.</summary>
    public long LastServedStep { get; private set; }

    /// <summary>As in <see cref="SequenceState.WaitedBeforeSwapIn"/>.</summary>
    public long WaitedBeforeSwapIn { get; private set; }

    /// <summary>As in <see cref="SequenceState.GeneratedSinceSwapIn"/>.</summary>
    public int GeneratedSinceSwapIn { get; private set; }

    /// <summary>As in <see cref="SequenceState.PrefilledTokens"/>.</summary>
    public int PrefilledTokens { get; private set; }

    /// <summary>Tokens, from the first on, that were computed once; computing them again is not charged.</summary>
    public int ComputedTokens { get; private set; }

    /// <summary>Steps since it was served or, if that is later, came or became runnable.</summary>
    public long Waited(long step) => Math.Max(0, step - Math.Max(LastServedStep, _waitsSince));

    /// <summary>Weighted tokens that it was served in the window of a step.</summary>
    public double WindowService(long step, int windowSteps) => step / windowSteps == _window ? _windowService : 0;

    /// <summary>A request comes to a sequence that had none.</summary>
    /// <param name="step">The step it came in.</param>
    /// <param name="start">The least virtual time of its class: whoever was away has no claim on what the others had meanwhile.</param>
    public void Begin(long step, double start)
    {
        _waitsSince = step;
        VirtualTime = Math.Max(VirtualTime, start);
    }

    /// <summary>It goes over to another class, with the virtual time at which a newcomer of that starts.</summary>
    public void Change(double start) => VirtualTime = start;

    /// <summary>Says whether its reader keeps up; while it does not, no wait is counted, and afterwards it begins like a newcomer.</summary>
    public void SetRunnable(bool runnable, long step, double start)
    {
        if (!runnable || _paused)
            _waitsSince = step;
        if (runnable && _paused)
            VirtualTime = Math.Max(VirtualTime, start);
        _paused = !runnable;
    }

    /// <summary>It gets its place in the context.</summary>
    public void SwapIn(long step)
    {
        WaitedBeforeSwapIn = Waited(step);
        GeneratedSinceSwapIn = 0;
    }

    /// <summary>A request starts with the KV of its first tokens there.</summary>
    public void Start(int cachedTokens)
    {
        ComputedTokens = cachedTokens;
        PrefilledTokens = 0;
    }

    /// <summary>Charges tokens that a step computed, and returns what they cost in weighted tokens.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="end">How many of the sequence's tokens, from the first on, are computed now.</param>
    /// <param name="decode">Whether they are tokens of the answer.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="step">The step.</param>
    /// <param name="windowSteps">Steps in a window of reservations.</param>
    public double Charge(int tokens, int end, bool decode, double weight, long step, int windowSteps)
    {
        var fresh = Math.Clamp(end - ComputedTokens, 0, tokens);
        ComputedTokens = Math.Max(ComputedTokens, end);
        PrefilledTokens += decode ? 0 : fresh;
        var cost = (double)fresh * (decode ? WeightedTokens.Decode : WeightedTokens.Prefill);
        VirtualTime += cost / weight;
        LastServedStep = step;
        var window = step / windowSteps;
        _windowService = (window == _window ? _windowService : 0) + cost;
        _window = window;
        return cost;
    }

    /// <summary>So many tokens were generated.</summary>
    public void CountGenerated(int tokens = 1) => GeneratedSinceSwapIn += tokens;
}
