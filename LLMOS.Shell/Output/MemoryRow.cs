namespace LLMOS.Shell.Output;

/// <summary>A level of a silo's memory, as <c>mem -o json</c> lists it.</summary>
internal sealed record MemoryRow(string Silo, string Level, long Pages, long Bytes, long Hits, long Misses, long Evictions);
