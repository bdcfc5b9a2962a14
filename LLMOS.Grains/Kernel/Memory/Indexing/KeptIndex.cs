namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>An index, and how far into its log it has come.</summary>
/// <param name="Index">The index.</param>
/// <param name="Read">The id up to which vectors are in it; 0 for an empty one.</param>
/// <param name="Removed">The number of the last removal that it knows of; -1 for an empty one.</param>
/// <param name="Owner">What the index holds beside managed memory; disposed when it is used no more.</param>
public sealed record KeptIndex(IVectorIndex Index, long Read = 0, long Removed = -1, IDisposable? Owner = null);
