using LLMOS.Client.Watching;
using LLMOS.Shell.Top;

namespace LLMOS.Shell.Tests.Top;

/// <summary>Processes and samples for tests.</summary>
internal static class TopRows
{
    public static ProcessActivity Row(long pid, string name = "agent", long parent = 1, string state = "BLOCKED", string waitsFor = "RECEIVE", int priority = 10, double decode = 0, string owner = "local") => new(
        pid, parent, "SPECIALIST", name, "nano", priority, "NORMAL", state, waitsFor, 1_234, 8_192, "RESIDENT", 512, 100.5, decode, 35.2, 1.5, 900, 10_000, 2, 3, 4_567, 8, 1, owner);

    public static TopSample Sample(params ProcessActivity[] rows) => new(
        DateTimeOffset.UnixEpoch,
        new TopFigures(41.25, 812, 2.31, 256, 1_204, 8_192, 1.2, [new TopHits("L1", 0.91), new TopHits("L2", 0.754)], 3.1),
        rows,
        [new TopDevice("S127.0.0.1:11111:1", "CPU", false, 12L << 30, 16L << 30, ["nano"], 2, 1)]);
}
