namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>What every message carries.</summary>
internal static class BenchmarkMessage
{
    public const int VectorLength = 768;

    public const string Payload = "The state of the system is as it was; the queue is short and the disk is quick.";

    public static float[] Vector { get; } = [.. Enumerable.Range(0, VectorLength).Select(i => MathF.Sin(i))];
}
