namespace LLMOS.Inference;

/// <summary>
/// Chooses the function of a call by the likelihood of the whole call. Token by token a grammar commits to the first word of a name, and makes the model go on with a
/// function that it would not have named: what the grammar takes away there is lost (Park et al. 2024, "Grammar-aligned decoding"). So the call of each function is
/// written under a grammar of its own, and the one that the model finds likeliest, by its own distribution before any grammar, is taken.
/// </summary>
public static class LikeliestCall
{
    /// <summary>With more functions than these none is chosen beforehand: the calls that are tried are computed side by side, and cost that much.</summary>
    public const int MostFunctions = 16;

    /// <summary>A call that is not over by then is compared as far as it goes.</summary>
    private const int MostTokens = 200;

    /// <summary>The one function whose call is likeliest; all of them where there is nothing to choose, or too much.</summary>
    /// <param name="engine">What computes.</param>
    /// <param name="generation">What is to be generated: its prompt, domain, adapters and priority count.</param>
    /// <param name="tools">The functions.</param>
    /// <param name="request">The request that the call's values are taken from, for <see cref="SpanCallGrammar"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LlamaException">The prompt or a function is refused, or the engine failed.</exception>
    public static async Task<IReadOnlyList<ChatTool>> AmongAsync(
        LlamaCppEngine engine, GenerationRequest generation, IReadOnlyList<ChatTool> tools, string request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(generation);
        ArgumentNullException.ThrowIfNull(tools);
        if (tools.Count is < 2 or > MostFunctions)
            return tools;
        var tried = new List<GenerationHandle>();
        try
        {
            // Nobody's sequences: they use what the domain has computed of the prompt, and leave nothing behind.
            foreach (var tool in tools)
            {
                tried.Add(engine.Submit(generation with
                {
                    Key = null,
                    Tree = null,
                    Emitted = default,
                    MaxTokens = Math.Min(generation.MaxTokens, MostTokens),
                    Sampling = SamplingParameters.Greedy with { TopLogProbabilities = 0 },
                    Grammar = SpanCallGrammar.For([tool], request),
                    GrammarRoot = "root",
                    JsonSchema = null,
                    StopTexts = [],
                }));
            }

            var (best, likeliest) = (0, double.NegativeInfinity);
            for (var i = 0; i < tried.Count; i++)
            {
                var result = await tried[i].Completion.WaitAsync(cancellationToken);
                if (result.LogProbability > likeliest)
                    (best, likeliest) = (i, result.LogProbability.Value);
            }

            return [tools[best]];
        }
        finally
        {
            foreach (var handle in tried)
                handle.Cancel();
        }
    }
}
