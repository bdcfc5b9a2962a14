using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Counts the tokens of equal processes and keeps how they stood when a given number had been generated in all. Safe from any thread.</summary>
/// <param name="processes">How many.</param>
/// <param name="promptTokens">Prompt tokens of each.</param>
/// <param name="at">When to take their standing, in generated tokens of all.</param>
internal sealed class ServiceTally(int processes, int promptTokens, int at)
{
    private readonly int[] _generated = new int[processes];
    private int _total;
    private double[]? _standing;

    /// <summary>Weighted tokens of each when the number was reached; null before. Of one that had generated nothing it is 0: its prompt may not have been computed.</summary>
    public IReadOnlyList<double>? Standing
    {
        get
        {
            lock (_generated)
                return _standing;
        }
    }

    /// <summary>A process has generated a token.</summary>
    public void Count(int process)
    {
        lock (_generated)
        {
            _generated[process]++;
            if (++_total == at)
                _standing = [.. _generated.Select(tokens => tokens == 0 ? 0.0 : (promptTokens * WeightedTokens.Prefill) + (tokens * WeightedTokens.Decode))];
        }
    }
}
