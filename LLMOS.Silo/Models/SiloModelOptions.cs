using LLMOS.Inference.Discovery;
using LLMOS.Inference.Planning;

namespace LLMOS.Silo.Models;

/// <summary>The models that a silo knows by name.</summary>
public sealed class SiloModelOptions
{
    /// <summary>The model that processes think with when they name none: a name or a path; empty for the embedded one.</summary>
    public string Default { get; set; } = "";

    /// <summary>Names for model files.</summary>
    public Dictionary<string, string> Local { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Folders that are searched for model files too.</summary>
    public List<string> Folders { get; } = [];

    /// <summary>Models that servers elsewhere run.</summary>
    public Dictionary<string, RemoteModelOptions> Remote { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>KV cells of each engine, shared by all its sequences; 0 for what the model and the memory allow.</summary>
    public int ContextCells { get; set; }

    /// <summary>Compute threads of each engine on the CPU; 0 for the count that a short measurement finds the best when a model is first loaded.</summary>
    public int Threads { get; set; }

    /// <summary>What the engines schedule by: one of <see cref="StepPlanners.Names"/>.</summary>
    public string Policy { get; set; } = StepPlanners.Default;

    /// <summary>Cells' worth of host memory for the KV of processes that gave their place up, for each engine; null for as many as it has KV cells.</summary>
    public int? HostCells { get; set; }

    /// <summary>Cells' worth of disk for the KV that host memory has no room for, for each engine.</summary>
    public int DiskCells { get; set; }

    /// <summary>The folder of the files of that KV; empty for <c>spill</c> in the data folder. What a silo that was killed left there is removed at the start.</summary>
    public string SpillFolder { get; set; } = "";

    /// <summary>Tokens that a process may generate before an equal one that waits takes its place.</summary>
    public int Quantum { get; set; } = new PlannerOptions().Quantum;

    /// <summary>Steps of waiting that raise the effective priority by one level, at least.</summary>
    public int AgingSteps { get; set; } = new PlannerOptions().AgingSteps;

    /// <summary>How long a model that no replica uses stays in memory when nothing else wants the room.</summary>
    public TimeSpan KeepIdle { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The names and folders, for finding the models of this machine.</summary>
    public ModelDiscoveryOptions ToDiscovery()
    {
        var discovery = new ModelDiscoveryOptions();
        foreach (var (name, path) in Local)
        {
            discovery.Names[name] = path;
        }

        foreach (var folder in Folders)
        {
            discovery.Folders.Add(folder);
        }

        return discovery;
    }
}
