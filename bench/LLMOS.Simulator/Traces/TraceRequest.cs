namespace LLMOS.Simulator.Traces;

/// <summary>One request of a trace.</summary>
/// <param name="Arrival">Seconds since the trace began.</param>
/// <param name="Priority">0 (highest) to 19.</param>
/// <param name="Tree">The number of its process tree, from 0.</param>
/// <param name="PromptTokens">Tokens of the prompt, its shared prefix included; at least 1.</param>
/// <param name="Prefix">The number of the prefix that it shares with others; <see cref="NoPrefix"/> for none.</param>
/// <param name="PrefixTokens">Tokens of that prefix, fewer than the prompt has.</param>
/// <param name="OutputTokens">Tokens that are generated; at least 1.</param>
internal readonly record struct TraceRequest(
    double Arrival, int Priority, int Tree, int PromptTokens, int Prefix, int PrefixTokens, int OutputTokens)
{
    public const int NoPrefix = -1;

    /// <summary>KV cells that are set aside for it.</summary>
    public int Cells => PromptTokens + OutputTokens;
}
