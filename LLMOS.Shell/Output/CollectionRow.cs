namespace LLMOS.Shell.Output;

/// <summary>A collection, as listings have it.</summary>
internal sealed record CollectionRow(string Name, long Records, int Dimension, string Distance, string Embedder, string Owner, bool Shared, long Removals, DateTimeOffset CreatedAt);
