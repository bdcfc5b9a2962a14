using LLMOS.Shell.Top;

namespace LLMOS.Shell.Output;

/// <summary>What <c>status</c> says; <c>status -o json</c> writes it.</summary>
/// <param name="Running">Whether a silo answers.</param>
/// <param name="Data">The data folder; null for a cluster that was joined by its address.</param>
/// <param name="ProcessId">The operating system's id of the silo's process, where it is known.</param>
/// <param name="Gateway">The silo's gateway; null where none runs.</param>
/// <param name="Version">The version of this program.</param>
/// <param name="States">Processes by their state.</param>
/// <param name="Runs">Runs by their status.</param>
/// <param name="Figures">The figures over all; null where no silo runs.</param>
/// <param name="Devices">The device slots.</param>
internal sealed record StatusReport(
    bool Running,
    string? Data,
    int? ProcessId,
    string? Gateway,
    string Version,
    IReadOnlyDictionary<string, int> States,
    IReadOnlyDictionary<string, int> Runs,
    TopFigures? Figures,
    IReadOnlyList<TopDevice> Devices);
