using System.Runtime;

namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>How many bytes live on the managed heap.</summary>
internal static class ManagedMemory
{
    private const int Settled = 64 * 1024;
    private const int MaxCollections = 20;

    /// <summary>Collects until the figure stands still: finalizers and timers let go of things a while after they are done with.</summary>
    public static long Measure()
    {
        var before = long.MaxValue;
        for (var i = 0; i < MaxCollections; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            var now = GC.GetTotalMemory(forceFullCollection: false);
            if (Math.Abs(before - now) < Settled)
                return now;
            before = now;
        }

        return before;
    }
}
