namespace LLMOS.Inference.Engine;

/// <summary>What a step computes of one sequence.</summary>
/// <param name="sequence">The sequence.</param>
/// <param name="tokens">How many of its tokens.</param>
/// <param name="isDecode">Whether they are tokens of its answer that were never computed.</param>
/// <param name="output">The batch index of the last of its tokens, whose logits are asked for; <see cref="NoOutput"/> when more of them are left. The drafts follow it.</param>
internal sealed class ServedSequence(Sequence sequence, int tokens, bool isDecode, int output)
{
    public const int NoOutput = -1;

    public Sequence Sequence { get; } = sequence;

    public int Tokens { get; } = tokens;

    public bool IsDecode { get; } = isDecode;

    public int Output { get; } = output;

    /// <summary>Guessed tokens that are computed behind its own.</summary>
    public int Drafts { get; set; }
}
