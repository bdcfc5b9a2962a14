namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>One run of a load.</summary>
/// <param name="Seconds">From the first request to the last token.</param>
/// <param name="Prefilled">Prompt tokens that were computed.</param>
/// <param name="Generated">Tokens that were generated.</param>
/// <param name="FirstTokens">Seconds from each request to its first token.</param>
internal sealed record ChatRun(double Seconds, long Prefilled, long Generated, IReadOnlyList<double> FirstTokens)
{
    /// <summary>Generated tokens by the time of all, prompts included.</summary>
    public double TokensPerSecond => Generated / Seconds;

    /// <summary>Whether the work was done: no prompts from a cache, no answers cut short.</summary>
    /// <exception cref="BenchmarkException">It was not.</exception>
    public ChatRun Checked(string subject, ChatLoad load)
    {
        var due = (long)load.Requests * load.AnswerTokens;
        // A meter may leave out the last token of each prompt, as node-llama-cpp's does; its KV is computed all the same.
        return Generated == due && Prefilled >= load.PromptTokens - load.Requests && Prefilled <= load.PromptTokens && FirstTokens.Count == load.Requests
            ? this
            : throw new BenchmarkException(
                $"{subject} computed {Prefilled} prompt tokens and generated {Generated} in {FirstTokens.Count} answers, where {load.PromptTokens}, {due} and {load.Requests} were due: its rate says nothing.");
    }
}
