namespace LLMOS.Inference.Planning;

/// <summary>
/// What one step does: first the swaps out, then the swaps in, then one decode of all the tokens. Reused from step to step.
/// </summary>
public sealed class StepPlan
{
    /// <summary>Sequences that lose their place in the context; a running one goes on, where it was, when it is swapped in again.</summary>
    public List<SwapOut> SwapOut { get; } = [];

    /// <summary>Waiting sequences that get their reservation, a sequence id and, if swapped, their KV. They may be in <see cref="Prefill"/> at once.</summary>
    public List<int> SwapIn { get; } = [];

    /// <summary>Sequences whose one pending token is decoded; one that is swapped in in the middle of its answer may be among them.</summary>
    public List<int> Decode { get; } = [];

    /// <summary>Chunks of prompts that are computed; a sequence at most once.</summary>
    public List<PrefillChunk> Prefill { get; } = [];

    /// <summary>Tokens in the step.</summary>
    public int Tokens
    {
        get
        {
            var tokens = Decode.Count;
            foreach (var chunk in Prefill)
                tokens += chunk.Tokens;
            return tokens;
        }
    }

    public void Clear()
    {
        SwapOut.Clear();
        SwapIn.Clear();
        Decode.Clear();
        Prefill.Clear();
    }
}
