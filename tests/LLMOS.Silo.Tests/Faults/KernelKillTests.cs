using System.Globalization;

namespace LLMOS.Silo.Tests.Faults;

/// <summary>
/// A whole system in a process of its own under a workload of everything that the kernel acknowledges (messages, multicasts, spawns,
/// signals, limits, turns of agents with a model), killed with -9 at random moments, its start among them, and started again. Two such systems at once, each
/// of a folder of its own: a start has one thread for most of its time.
/// </summary>
public sealed class KernelKillTests(ITestOutputHelper output)
{
    /// <summary>How often one is killed; the environment may say another number.</summary>
    private const string RoundsVariable = "LLMOS_KILL_ROUNDS";
    private const int Rounds = 200;
    private const int Systems = 2;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_or_done_twice_whenever_the_system_is_killed()
    {
        var rounds = Environment.GetEnvironmentVariable(RoundsVariable) is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : Rounds;
        var systems = Enumerable.Range(0, Systems).Select(number => new KilledSystem(Random.Shared.Next(), (rounds / Systems) + (number < rounds % Systems ? 1 : 0))).ToList();
        try
        {
            output.WriteLine(string.Join(", ", systems.Select(system => $"seed {system.Seed}: {system.Rounds} rounds")));
            await Task.WhenAll(systems.Select(system => system.RunAsync()));
            output.WriteLine(string.Join("; ", systems));
        }
        finally
        {
            systems.ForEach(system => system.Dispose());
        }
    }
}
