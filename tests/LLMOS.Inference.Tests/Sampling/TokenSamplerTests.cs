using CsCheck;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Tests.Sampling;

public sealed class TokenSamplerTests
{
    private const int Vocabulary = 1024;

    private static readonly Gen<float[]> AnyLogits = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Float[0.5f, 6f]).Select(Normal);

    [Fact]
    public void Greedy_takes_the_first_of_the_largest()
    {
        var logits = new float[Vocabulary];
        logits[7] = logits[9] = 3;
        Assert.Equal(7, Sample(SamplingParameters.Greedy, logits));
    }

    /// <summary>The tokens that can be drawn, and how likely, are those of llama.cpp's own chain.</summary>
    [Fact]
    public void The_candidates_and_their_probabilities_are_those_of_the_native_chain() =>
        Gen.Select(AnyLogits, Gen.Int[0, 60], Gen.Float[0.05f, 1f], Gen.OneOf(Gen.Const(0f), Gen.Float[0.001f, 0.5f]), Gen.Float[0.2f, 2f]).Sample(
            (logits, topK, topP, minP, temperature) =>
            {
                var parameters = new SamplingParameters { TopK = topK, TopP = topP, MinP = minP, Temperature = temperature };
                var expected = Native(parameters, logits);
                var actual = Managed(parameters, logits);

                // Sums of floats differ in their last bits, so a token at the very edge may be in one and not in the other.
                foreach (var token in expected.Keys.Union(actual.Keys))
                    Assert.Equal(expected.GetValueOrDefault(token), actual.GetValueOrDefault(token), tolerance: 0.02 * expected.Values.Max());
                Assert.InRange(actual.Count, expected.Count - 1, expected.Count + 1);
            },
            iter: 200);

    [Fact]
    public void Penalties_are_those_of_the_native_sampler() =>
        Gen.Select(AnyLogits, Gen.Int[0, Vocabulary - 1].Array[0, 100], Gen.Int[1, 80], Gen.Float[0.5f, 2f], Gen.Float[-1f, 1f], Gen.Float[-1f, 1f]).Sample(
            (logits, history, window, repeat, frequency, presence) =>
            {
                LlamaRuntime.EnsureLoaded();
                var parameters = SamplingParameters.Greedy with { PenaltyWindow = window, RepeatPenalty = repeat, FrequencyPenalty = frequency, PresencePenalty = presence };
                var copy = (float[])logits.Clone();
                _ = new TokenSampler(parameters, [], new SamplerScratch(Vocabulary), null).Sample(copy, history);

                using var native = LlamaSamplerNative.Penalties(Vocabulary, window, repeat, frequency, presence);
                foreach (var token in history)
                    LlamaSamplerNative.Accept(native, token);
                var expected = Apply(native, logits);
                for (var i = 0; i < Vocabulary; i++)
                    Assert.Equal(expected[i].Logit, copy[i], 1e-4f);
            },
            iter: 100);

    [Fact]
    public void Draws_follow_the_probabilities()
    {
        float[] logits = [.. Enumerable.Repeat(float.NegativeInfinity, Vocabulary)];
        (logits[1], logits[2], logits[3]) = (MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.2f));
        var counts = new int[Vocabulary];
        const int Draws = 20_000;
        for (var i = 0; i < Draws; i++)
            counts[Sample(new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = (ulong)i }, logits)]++;
        Assert.Equal(0.5, counts[1] / (double)Draws, 0.02);
        Assert.Equal(0.3, counts[2] / (double)Draws, 0.02);
        Assert.Equal(0.2, counts[3] / (double)Draws, 0.02);
        Assert.Equal(Draws, counts[1] + counts[2] + counts[3]);
    }

    [Fact]
    public void A_draw_depends_on_the_seed_and_the_position_alone()
    {
        var logits = new float[Vocabulary];
        var parameters = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = 42 };
        int At(int position, ulong seed) => Sample(parameters with { Seed = seed }, logits, new int[position]);
        Assert.Equal(At(5, 42), At(5, 42));
        Assert.True(Enumerable.Range(1, 20).Select(position => At(position, 42)).Distinct().Count() > 10);
        Assert.True(Enumerable.Range(1, 20).Select(seed => At(5, (ulong)seed)).Distinct().Count() > 10);
    }

    /// <summary>As they do when other sequences share the batch. A walk along the cumulative probabilities parts far more often, since it also depends on their order.</summary>
    [Fact]
    public void A_draw_hardly_ever_changes_with_the_last_bits_of_the_logits()
    {
        var parameters = new SamplingParameters { Temperature = 1, TopK = 40, TopP = 0.95f, Seed = 3 };
        var same = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var logits = Normal(seed, deviation: 3);
            var shaken = logits.Select((logit, i) => logit + (i % 2 == 0 ? 1e-4f : -1e-4f)).ToArray();
            same += Enumerable.Range(1, 50).Count(position => Sample(parameters, logits, new int[position]) == Sample(parameters, shaken, new int[position]));
        }
        Assert.InRange(same, 995, 1000);
    }

    [Fact]
    public void Forbidden_tokens_are_never_sampled()
    {
        var logits = Enumerable.Range(0, Vocabulary).Select(i => (float)i / 100).ToArray();
        var forbidden = Enumerable.Range(10, Vocabulary - 10).ToList();
        for (ulong seed = 0; seed < 200; seed++)
            Assert.InRange(Sample(new SamplingParameters { Temperature = 5, TopK = 0, TopP = 1, Seed = seed, ForbiddenTokens = forbidden }, logits), 0, 9);
        Assert.Equal(9, Sample(SamplingParameters.Greedy with { ForbiddenTokens = forbidden }, logits));
        forbidden.AddRange(Enumerable.Range(0, 10));
        Assert.Equal(TokenSampler.None, Sample(SamplingParameters.Greedy with { ForbiddenTokens = forbidden }, logits));
    }

    [Fact]
    public void Logits_that_are_not_numbers_are_told()
    {
        var logits = new float[Vocabulary];
        logits[5] = float.NaN;
        Assert.Equal(TokenSampler.NotANumber, Sample(new SamplingParameters(), logits));
        logits[5] = float.PositiveInfinity;
        Assert.Equal(TokenSampler.NotANumber, Sample(new SamplingParameters(), logits));
    }

    [Fact]
    public void The_end_is_not_sampled_when_it_is_ignored()
    {
        var logits = new float[Vocabulary];
        logits[2] = 100;
        logits[3] = 1;
        Assert.Equal(2, Sample(SamplingParameters.Greedy, logits));
        Assert.Equal(3, Sample(SamplingParameters.Greedy with { IgnoreEnd = true }, logits));
    }

    [Fact]
    public void Top_finds_what_sorting_finds() => Gen.Select(AnyLogits, Gen.Int[1, Vocabulary]).Sample((logits, k) =>
    {
        var ids = new int[Vocabulary + CandidateSelection.Slack];
        var values = new float[ids.Length];
        var count = CandidateSelection.Top(logits, k, ids, values);
        Assert.Equal(logits.OrderDescending().Take(k), values.Take(count));
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(values[i], logits[ids[i]]));
    });

    private static float[] Normal(int seed, float deviation)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    private static int Sample(SamplingParameters parameters, float[] logits, int[]? history = null) =>
        new TokenSampler(parameters, [2], new SamplerScratch(Vocabulary), null).Sample((float[])logits.Clone(), history ?? [1]);

    private static Dictionary<int, double> Managed(SamplingParameters parameters, float[] logits)
    {
        var scratch = new SamplerScratch(Vocabulary);
        var sampler = new TokenSampler(parameters, [], scratch, null);
        _ = sampler.Sample((float[])logits.Clone(), [1]);
        var maximum = scratch.Values.Take(sampler.CandidateCount).Max();
        double Weight(int i) => Math.Exp((scratch.Values[i] - maximum) / parameters.Temperature);
        var total = Enumerable.Range(0, sampler.CandidateCount).Sum(Weight);
        return Enumerable.Range(0, sampler.CandidateCount).ToDictionary(i => scratch.Ids[i], i => Weight(i) / total);
    }

    private static Dictionary<int, double> Native(SamplingParameters parameters, float[] logits)
    {
        LlamaRuntime.EnsureLoaded();
        using var chain = LlamaSamplerNative.ChainInit(new LlamaSamplerChainParams { NoPerf = 1 });
        if (parameters.TopK > 0)
            LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.TopK(parameters.TopK).Disown());
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.TopP(parameters.TopP, 1).Disown());
        if (parameters.MinP > 0)
            LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.MinP(parameters.MinP, 1).Disown());
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.Temperature(parameters.Temperature).Disown());
        var candidates = Apply(chain, logits);
        var maximum = candidates.Max(candidate => candidate.Logit);
        var total = candidates.Sum(candidate => Math.Exp(candidate.Logit - maximum));
        return candidates.ToDictionary(candidate => candidate.Id, candidate => Math.Exp(candidate.Logit - maximum) / total);
    }

    private static unsafe LlamaTokenData[] Apply(LlamaSamplerHandle sampler, float[] logits)
    {
        var data = logits.Select((logit, id) => new LlamaTokenData { Id = id, Logit = logit }).ToArray();
        fixed (LlamaTokenData* pointer = data)
        {
            var array = new LlamaTokenDataArray { Data = pointer, Size = (nuint)data.Length, Selected = -1 };
            LlamaSamplerNative.Apply(sampler, &array);
            return new ReadOnlySpan<LlamaTokenData>(array.Data, (int)array.Size).ToArray();
        }
    }
}
