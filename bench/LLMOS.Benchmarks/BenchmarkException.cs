namespace LLMOS.Benchmarks;

/// <summary>A measurement that means nothing, because the work it was to measure was not done or not the same on both sides.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
