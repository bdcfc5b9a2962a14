using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Tests.Sampling;

/// <summary>Values that were worked out by hand.</summary>
public sealed class KnownLogitsTests
{
    /// <summary>The probabilities 0, 0.5, 0.3, 0.15 and 0.05.</summary>
    private static float[] Logits => [float.NegativeInfinity, MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.15f), MathF.Log(0.05f)];

    [Theory]
    [InlineData(0.05f, 1, 2, 3, 4)]
    [InlineData(0.2f, 1, 2, 3)]
    [InlineData(0.4f, 1, 2)]
    [InlineData(0.7f, 1)]
    [InlineData(1f, 1)]
    public void Min_p_keeps_what_is_likely_enough_beside_the_likeliest(float minP, params int[] kept)
    {
        var parameters = new SamplingParameters { Temperature = 10, TopK = 0, TopP = 1, MinP = minP };
        var drawn = Enumerable.Range(0, 400).Select(seed => Sampler(parameters with { Seed = (ulong)seed }).Sample(Logits, [0])).Distinct().Order();
        Assert.Equal(kept, drawn);
    }

    [Fact]
    public void Penalties_change_the_logits_of_what_was_seen_in_the_window()
    {
        float[] After(SamplingParameters parameters, params int[] history)
        {
            float[] logits = [0, 2, -1, 0, 1];
            _ = Sampler(parameters with { Temperature = 0 }).Sample(logits, history);
            return logits;
        }

        Assert.Equal([0, 1, -2, 0, 1], After(new() { RepeatPenalty = 2 }, 1, 1, 2));
        Assert.Equal([0, 1, -1.5f, 0, 1], After(new() { FrequencyPenalty = 0.5f }, 1, 1, 2));
        Assert.Equal([0, 1.75f, -1.25f, 0, 1], After(new() { PresencePenalty = 0.25f }, 1, 1, 2));
        // 2 / 2 - 2 * 0.5 - 0.25 and -1 * 2 - 1 * 0.5 - 0.25
        Assert.Equal([0, -0.25f, -2.75f, 0, 1], After(new() { RepeatPenalty = 2, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f }, 1, 1, 2));
        // The first 1 lies before the window.
        Assert.Equal([0, 0.25f, -2.75f, 0, 1], After(new() { RepeatPenalty = 2, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f, PenaltyWindow = 2 }, 1, 1, 2));
        Assert.Equal([0, 2, -1, 0, 1], After(new() { RepeatPenalty = 2, PenaltyWindow = 0 }, 1, 1, 2));
    }

    [Fact]
    public void A_bias_is_added_and_forbidden_tokens_are_never_taken()
    {
        Assert.Equal(2, Sampler(SamplingParameters.Greedy with { LogitBias = new Dictionary<int, float> { [2] = 0.6f } }).Sample(Logits, [0])); // 0.3 * e^0.6 = 0.547
        Assert.Equal(1, Sampler(SamplingParameters.Greedy with { LogitBias = new Dictionary<int, float> { [2] = 0.5f } }).Sample(Logits, [0])); // 0.3 * e^0.5 = 0.495
        Assert.Equal(3, Sampler(SamplingParameters.Greedy with { ForbiddenTokens = [1, 2] }).Sample(Logits, [0]));
        Assert.Equal(3, Sampler(SamplingParameters.Greedy with { ForbiddenTokens = [1, 2], LogitBias = new Dictionary<int, float> { [1] = 100 } }).Sample(Logits, [0]));
    }

    /// <summary>They are those of the model, whatever was done to the logits afterwards.</summary>
    [Fact]
    public void Log_probabilities_are_those_of_the_model()
    {
        var sampler = Sampler(new SamplingParameters
        {
            Temperature = 0,
            TopK = 1,
            ForbiddenTokens = [1],
            LogitBias = new Dictionary<int, float> { [3] = 20 },
            RepeatPenalty = 3,
            TopLogProbabilities = 2,
        });
        var token = sampler.Sample(Shifted(7), [3, 4]);
        Assert.Equal(3, token);
        var probabilities = sampler.LogProbabilities(token)!;
        Assert.Equal(Math.Log(0.15), probabilities.Chosen, 1e-5);
        Assert.Equal([1, 2], probabilities.Top.Select(top => top.Id));
        Assert.Equal(Math.Log(0.5), probabilities.Top[0].LogProbability, 1e-5);
        Assert.Equal(Math.Log(0.3), probabilities.Top[1].LogProbability, 1e-5);

        // Token 0 is impossible, so it is no alternative.
        var all = Sampler(SamplingParameters.Greedy with { TopLogProbabilities = 20 });
        Assert.Equal([1, 2, 3, 4], all.LogProbabilities(all.Sample(Shifted(-90), [0]))!.Top.Select(top => top.Id));

        var chosen = Sampler(SamplingParameters.Greedy with { TopLogProbabilities = 0 });
        Assert.Empty(chosen.LogProbabilities(chosen.Sample(Logits, [0]))!.Top);
        var none = Sampler(SamplingParameters.Greedy);
        Assert.Null(none.LogProbabilities(none.Sample(Logits, [0])));
    }

    private static float[] Shifted(float by) => [.. Logits.Select(logit => logit + by)];

    private static TokenSampler Sampler(SamplingParameters parameters) => new(parameters, [], new SamplerScratch(5), null);
}
