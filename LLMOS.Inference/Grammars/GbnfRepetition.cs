namespace LLMOS.Inference.Grammars;

/// <summary>How often an item stands in a sequence.</summary>
/// <param name="Least">0 or more.</param>
/// <param name="Most">At least <paramref name="Least"/>; <see cref="int.MaxValue"/> for no end.</param>
internal readonly record struct GbnfRepetition(int Least, int Most)
{
    public bool IsUnbounded => Most == int.MaxValue;
}
