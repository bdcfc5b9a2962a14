using System.Numerics.Tensors;

namespace LLMOS.Inference.Sampling;

/// <summary>
/// Chooses the tokens of one sequence. The same chain as llama.cpp's (penalties, top-k, top-p, min-p, temperature, draw), in managed code:
/// it looks at the few tokens that can win instead of building an array of the whole vocabulary for each token.
/// </summary>
internal sealed class TokenSampler(SamplingParameters parameters, IReadOnlyList<int> endTokens, SamplerScratch scratch, GrammarConstraint? grammar) : IDisposable
{
    /// <summary>No token can be sampled: everything is forbidden.</summary>
    public const int None = -1;

    /// <summary>The logits are not numbers.</summary>
    public const int NotANumber = -2;

    /// <summary>How many candidates top-p looks at first when there is no top-k.</summary>
    private const int FirstNucleus = 256;

    /// <summary>How many candidates the last draw was among; they are in the scratch.</summary>
    internal int CandidateCount { get; private set; }

    /// <summary>Samples a token and takes it into the grammar's state.</summary>
    /// <param name="logits">The model's logits; they are changed.</param>
    /// <param name="history">The tokens of the sequence so far.</param>
    /// <returns>A token, <see cref="None"/> or <see cref="NotANumber"/>.</returns>
    public int Sample(Span<float> logits, ReadOnlySpan<int> history)
    {
        if (parameters.TopLogProbabilities is not null)
            logits.CopyTo(scratch.ModelLogits);
        Adjust(logits, history);
        var token = Choose(logits, history.Length);
        if (grammar is null || token < 0)
            return token;
        if (!grammar.Allows(token))
        {
            grammar.Restrict(logits);
            token = Choose(logits, history.Length);
        }
        if (token >= 0 && !IsEnd(token))
            grammar.Accept(token);
        return token;
    }

    /// <summary>Takes a token that was sampled before, which does not end the text, into the grammar's state. False when the grammar does not allow it.</summary>
    public bool TryAccept(int token)
    {
        if (grammar is null)
            return true;
        if (!grammar.Allows(token))
            return false;
        grammar.Accept(token);
        return true;
    }

    /// <summary>
    /// Takes the one token that the grammar allows, if there is only one, into the grammar's state, as <see cref="Sample"/> would with any logits: bias and penalties are finite, so that they
    /// cannot change it. False as well where log-probabilities are asked for, which need logits, and where that token is forbidden, which is for <see cref="Sample"/> to find.
    /// </summary>
    public bool TryForce(out int token)
    {
        token = None;
        if (grammar is null || parameters.TopLogProbabilities is not null || !grammar.TryForced(out token) || parameters.ForbiddenTokens?.Contains(token) == true)
            return false;
        grammar.Accept(token);
        return true;
    }

    /// <summary>Whether the grammar allows nothing but the end, and which token stands for it does not matter.</summary>
    public bool MustEnd() =>
        grammar is { OnlyEnds: true } && parameters.TopLogProbabilities is null && (parameters.IgnoreEnd || endTokens.Count == 1);

    /// <summary>Writes tokens that are likely to come next because the grammar leaves no other text. Nothing changes. Returns how many.</summary>
    public int Draft(Span<int> tokens) => grammar?.Draft(tokens) ?? 0;

    /// <summary>What the model thought of the token sampled last; null unless log-probabilities were asked for. To be called before another sampler runs.</summary>
    public TokenLogProbabilities? LogProbabilities(int token)
    {
        if (parameters.TopLogProbabilities is not { } wanted)
            return null;
        ReadOnlySpan<float> logits = scratch.ModelLogits;
        var maximum = TensorPrimitives.Max(logits);
        var total = maximum + Math.Log(Total(logits, maximum));
        var count = wanted == 0 ? 0 : CandidateSelection.Top(logits, Math.Min(wanted, logits.Length), scratch.Ids, scratch.Values);
        var top = new TokenLogProbability[count];
        for (var i = 0; i < count; i++)
            top[i] = new TokenLogProbability(scratch.Ids[i], (float)(scratch.Values[i] - total));
        return new TokenLogProbabilities((float)(logits[token] - total), top);
    }

    /// <summary>Whether the text so far is all that the grammar asks for; true without a grammar.</summary>
    public bool MayEnd() => grammar is null || endTokens.Count == 0 || grammar.Allows(endTokens[0]);

    public bool IsEnd(int token)
    {
        foreach (var end in endTokens)
        {
            if (end == token)
                return true;
        }
        return false;
    }

    public void Dispose() => grammar?.Dispose();

    private void Adjust(Span<float> logits, ReadOnlySpan<int> history)
    {
        if (parameters.LogitBias is { } biases)
        {
            foreach (var (token, bias) in biases)
                logits[token] += bias;
        }
        foreach (var token in parameters.ForbiddenTokens ?? [])
            logits[token] = float.NegativeInfinity;
        if (parameters.IgnoreEnd)
        {
            foreach (var token in endTokens)
                logits[token] = float.NegativeInfinity;
        }
        if (parameters is { RepeatPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0 } || parameters.PenaltyWindow == 0)
            return;

        var window = history[^Math.Min(parameters.PenaltyWindow, history.Length)..];
        foreach (var token in window)
            scratch.Counts[token]++;
        foreach (var token in window)
        {
            var seen = scratch.Counts[token];
            if (seen == 0)
                continue;
            scratch.Counts[token] = 0;
            // A negative logit is multiplied, since dividing it would make the token likelier.
            var logit = logits[token] <= 0 ? logits[token] * parameters.RepeatPenalty : logits[token] / parameters.RepeatPenalty;
            logits[token] = logit - (seen * parameters.FrequencyPenalty) - parameters.PresencePenalty;
        }
    }

    private int Choose(ReadOnlySpan<float> logits, long position)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        var maximum = logits[best];
        if (float.IsNaN(maximum) || float.IsPositiveInfinity(maximum))
            return NotANumber;
        if (float.IsNegativeInfinity(maximum))
            return None;
        if (parameters.Temperature == 0)
            return best;

        CandidateCount = Candidates(logits, maximum);
        return Draw(position);
    }

    /// <summary>
    /// Draws by the Gumbel-max trick (Gumbel, 1954): the largest of logit and noise, the noise of a token depending on seed, position and the token
    /// itself. Unlike a walk along the cumulative probabilities, it gives the same token when the last bits of the logits differ, as they do when
    /// other sequences share the batch.
    /// </summary>
    private int Draw(long position)
    {
        var ids = scratch.Ids.AsSpan(0, CandidateCount);
        var values = scratch.Values.AsSpan(0, CandidateCount);
        var (token, best) = (ids[0], double.NegativeInfinity);
        for (var i = 0; i < ids.Length; i++)
        {
            var noisy = (values[i] / parameters.Temperature) - Math.Log(-Math.Log(PositionDraw.Next(parameters.Seed, position, ids[i])));
            if (noisy > best)
                (token, best) = (ids[i], noisy);
        }
        return token;
    }

    /// <summary>Leaves the candidates and their logits in the scratch.</summary>
    private int Candidates(ReadOnlySpan<float> logits, float maximum)
    {
        var minimum = parameters.MinP > 0 ? maximum + MathF.Log(parameters.MinP) : float.NegativeInfinity;
        int count;
        if (parameters.TopK > 0 && parameters.TopK < logits.Length)
        {
            count = CandidateSelection.Top(logits, parameters.TopK, scratch.Ids, scratch.Values);
            if (parameters.TopP < 1)
                count = Nucleus(count, Total(scratch.Values.AsSpan(0, count), maximum), maximum);
        }
        else if (parameters.TopP < 1)
        {
            count = FullNucleus(logits, maximum);
        }
        else
        {
            return CandidateSelection.AtLeast(logits, minimum, scratch.Ids, scratch.Values);
        }
        while (count > 1 && scratch.Values[count - 1] < minimum)
            count--;
        return count;
    }

    /// <summary>Top-p over the whole vocabulary: looks at more of the likeliest tokens until they have the probability asked for.</summary>
    private int FullNucleus(ReadOnlySpan<float> logits, float maximum)
    {
        var total = Total(logits, maximum);
        for (var k = Math.Min(FirstNucleus, logits.Length); ; k = Math.Min(k * 4, logits.Length))
        {
            var count = CandidateSelection.Top(logits, k, scratch.Ids, scratch.Values);
            var kept = Nucleus(count, total, maximum);
            if (kept < count || count < k || k == logits.Length)
                return kept;
        }
    }

    /// <summary>How many of the sorted candidates it takes to reach the probability asked for.</summary>
    private int Nucleus(int count, double total, float maximum)
    {
        var wanted = parameters.TopP * total;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += MathF.Exp(scratch.Values[i] - maximum);
            if (sum >= wanted)
                return i + 1;
        }
        return count;
    }

    private static double Total(ReadOnlySpan<float> logits, float maximum)
    {
        Span<float> block = stackalloc float[256];
        var total = 0.0;
        for (var i = 0; i < logits.Length; i += block.Length)
        {
            var part = block[..Math.Min(block.Length, logits.Length - i)];
            TensorPrimitives.Subtract(logits.Slice(i, part.Length), maximum, part);
            TensorPrimitives.Exp(part, part);
            total += TensorPrimitives.Sum<float>(part);
        }
        return total;
    }
}
