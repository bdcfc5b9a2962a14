using LLMOS.Client.Watching;

namespace LLMOS.Shell.Top;

/// <summary>What <c>top</c> shows of a moment; <c>top -o json</c> writes it.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="Figures">The figures over all.</param>
/// <param name="Processes">The processes that have not ended, in the order of their PIDs.</param>
/// <param name="Devices">The device slots.</param>
internal sealed record TopSample(DateTimeOffset At, TopFigures Figures, IReadOnlyList<ProcessActivity> Processes, IReadOnlyList<TopDevice> Devices);
