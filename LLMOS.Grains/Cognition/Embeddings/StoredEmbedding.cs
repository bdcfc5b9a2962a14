namespace LLMOS.Cognition.Embeddings;

/// <summary>A record as the store has it.</summary>
/// <param name="Id">The id of its vector; 0 for one that is to be written.</param>
/// <param name="Key">Its key.</param>
/// <param name="Text">Its text.</param>
/// <param name="Metadata">A JSON object.</param>
/// <param name="Vector">Its vector; empty where it was not asked for.</param>
public sealed record StoredEmbedding(long Id, string Key, string Text, string Metadata, float[] Vector);
