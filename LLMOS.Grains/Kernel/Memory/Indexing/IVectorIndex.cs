namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Finds the vectors that are nearest to one. For one thread.</summary>
public interface IVectorIndex
{
    /// <summary>Floats of a vector.</summary>
    int Dimension { get; }

    /// <summary>Vectors in it.</summary>
    int Count { get; }

    /// <summary>Adds a vector. One with an id that is there takes its place.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="group">What searches can be restricted by.</param>
    /// <param name="vector">The vector; of unit length where similarities are to be cosines.</param>
    void Add(long id, long group, ReadOnlySpan<float> vector);

    /// <summary>Takes a vector out.</summary>
    /// <returns>Whether it was there.</returns>
    bool Remove(long id);

    /// <summary>Finds the nearest vectors.</summary>
    /// <param name="query">Of unit length where similarities are to be cosines.</param>
    /// <param name="groups">Only vectors of these; null for all.</param>
    /// <param name="hits">Room for as many as are wanted.</param>
    /// <returns>How many were found; they are sorted, the nearest first, their similarities as exact as the index keeps vectors.</returns>
    int Search(ReadOnlySpan<float> query, IReadOnlySet<long>? groups, Span<VectorHit> hits);

    /// <summary>The same for several queries in one pass.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="ids">Only these vectors; null for all.</param>
    /// <param name="count">At most so many for each.</param>
    /// <returns>The hits of each query, in the order of the queries.</returns>
    VectorHit[][] Search(IReadOnlyList<float[]> queries, IReadOnlySet<long>? ids, int count);
}
