using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.InterfaceSuite;
using LLMOS.Benchmarks.KernelSuite;
using LLMOS.Benchmarks.MemorySuite;
using LLMOS.Benchmarks.SystemSuite;

namespace LLMOS.Benchmarks;

/// <summary>The suites by name.</summary>
internal static class SuiteCatalog
{
    private static readonly Dictionary<string, Func<IBenchmarkSuite>> Suites = new(StringComparer.Ordinal)
    {
        [EngineBenchmarks.Name] = () => new EngineBenchmarks(),
        [SystemBenchmarks.Name] = () => new SystemBenchmarks(),
        [KernelBenchmarks.Name] = () => new KernelBenchmarks(),
        [MemoryBenchmarks.Name] = () => new MemoryBenchmarks(),
        [InterfaceBenchmarks.Name] = () => new InterfaceBenchmarks(),
    };

    public static IReadOnlyCollection<string> Names => Suites.Keys;

    public static IBenchmarkSuite Create(string name) => Suites[name]();
}
