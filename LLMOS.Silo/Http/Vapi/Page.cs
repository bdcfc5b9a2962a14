namespace LLMOS.Silo.Http.Vapi;

/// <summary>A part of a listing.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The cursor of the next part; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
