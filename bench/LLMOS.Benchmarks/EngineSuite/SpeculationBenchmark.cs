using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// Guessing what comes from what is there: an edit that copies its input but for one token in forty, and text that does not repeat, where there is nothing to win.
/// </summary>
internal static class SpeculationBenchmark
{
    private const int Passage = 240;
    private const int EditEvery = 40;

    /// <summary>Far more than any logit, so that the bias decides.</summary>
    private const float Rank = 1000;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        using var model = LlamaModel.Load(ModelCache.Find(run));
        var answers = run.Quick ? 1 : 2;
        await AnswerComparison.MeasureAsync(
            run,
            model,
            $"an edit of {Passage} tokens that replaces one in {EditEvery}",
            "no guesses",
            Without,
            [.. Enumerable.Range(0, answers).Select(i => Edit(model, i))],
            Goal.RatioAtLeast(1.8),
            cancellationToken);
        await AnswerComparison.MeasureAsync(
            run,
            model,
            "text that does not repeat",
            "no guesses",
            Without,
            [.. Enumerable.Range(0, answers * 2).Select(i => Text(model, i))],
            Goal.RatioAtLeast(0.97),
            cancellationToken);
    }

    private static EngineOptions Without(EngineOptions options) => options with { DraftTokens = 0 };

    /// <summary>
    /// The model may use the edited passage's tokens alone, prefers each to those after it, and must not use any of the last ones again: so it writes the passage in its order, whatever it thinks, and
    /// every token is computed and sampled like any other.
    /// </summary>
    private static GenerationRequest Edit(LlamaModel model, int number)
    {
        var distinct = SharedPrefixBenchmark.Tokens(model, number + 100, Passage * 4).Distinct().Take(Passage + (Passage / EditEvery)).ToArray();
        int[] input = [.. distinct.Take(Passage)];
        int[] output = [.. input.Select((token, i) => i % EditEvery == EditEvery - 1 ? distinct[Passage + (i / EditEvery)] : token)];
        return new GenerationRequest
        {
            PromptTokens = (int[])[.. model.Tokenize("Correct this text:"), .. input],
            MaxTokens = Passage,
            Sampling = SamplingParameters.Greedy with
            {
                IgnoreEnd = true,
                LogitBias = output.Select((token, i) => (token, bias: Rank * ((2 * Passage) - i))).ToDictionary(pair => pair.token, pair => pair.bias),
                PresencePenalty = Rank * 4 * Passage,
                PenaltyWindow = Passage - 1,
            },
        };
    }

    private static GenerationRequest Text(LlamaModel model, int number) => new()
    {
        PromptTokens = model.Tokenize(GenerationWorkload.Question(number)),
        MaxTokens = Passage,
        Sampling = GenerationWorkload.Sampling(number) with { IgnoreEnd = true },
    };
}
