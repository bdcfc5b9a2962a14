namespace ModelForge.Training;

/// <summary>A document as the trainer sees it: tokens, and which of them are predicted.</summary>
public sealed class TrainingDocument
{
    /// <param name="tokens">All of it, from the beginning-of-sequence token to the end of the assistant's last turn.</param>
    /// <param name="learned">The tokens to be predicted, in their order; the first token has none before it and cannot be.</param>
    /// <param name="task">The index of its task in <see cref="ITrainingStream.Tasks"/>.</param>
    /// <exception cref="ArgumentException">There is nothing to predict, or a span lies outside or before the one behind it.</exception>
    public TrainingDocument(int[] tokens, IReadOnlyList<TokenSpan> learned, int task)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(learned);
        var end = 1;
        foreach (var span in learned)
        {
            if (span.Start < end || span.Length < 1 || span.End > tokens.Length)
                throw new ArgumentException($"Tokens {span.Start} to {span.End} cannot be learned behind {end} of {tokens.Length} tokens.", nameof(learned));
            end = span.End;
        }

        if (learned.Count == 0)
            throw new ArgumentException($"Nothing is learned of a document of {tokens.Length} tokens.", nameof(learned));
        (Tokens, Learned, Task) = (tokens, learned, task);
        Targets = learned.Sum(span => span.Length);
    }

    /// <summary>A document of which all from one token on is learned.</summary>
    public TrainingDocument(int[] tokens, int firstTarget, int task)
        : this(tokens, [new TokenSpan(firstTarget, tokens?.Length ?? 0)], task)
    {
    }

    public int[] Tokens { get; }

    public IReadOnlyList<TokenSpan> Learned { get; }

    public int Task { get; }

    /// <summary>How many tokens are predicted.</summary>
    public int Targets { get; }
}
