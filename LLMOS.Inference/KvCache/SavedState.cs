namespace LLMOS.Inference.KvCache;

/// <summary>KV as llama.cpp gave it.</summary>
/// <param name="Start">Its first position.</param>
/// <param name="End">The position behind its last.</param>
/// <param name="Bytes">Empty when it has no positions.</param>
internal readonly record struct SavedState(int Start, int End, ReadOnlyMemory<byte> Bytes);
