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
