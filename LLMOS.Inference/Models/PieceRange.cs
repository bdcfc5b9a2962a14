namespace LLMOS.Inference.Models;

/// <summary>Neighbours in a <see cref="PieceIndex"/> that begin alike.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">The one after the last.</param>
/// <param name="Length">How many bytes they have in common, at least.</param>
internal readonly record struct PieceRange(int First, int End, int Length)
{
    public int Count => End - First;
}
