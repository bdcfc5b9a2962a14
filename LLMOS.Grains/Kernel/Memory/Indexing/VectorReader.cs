namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Is told of a vector in the log.</summary>
/// <param name="id">Its id.</param>
/// <param name="group">What searches can be restricted by.</param>
/// <param name="vector">The vector; valid during the call.</param>
public delegate void VectorReader(long id, long group, ReadOnlySpan<float> vector);
