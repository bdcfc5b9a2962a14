using LLMOS.Inference;
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

    /// <summary>Whether the sequences of an engine share one cache.</summary>
    public KvLayout KvLayout { get; set; }

    /// <summary>Most sequences whose KV is in an engine's context at once; 0 for what suits the model and <see cref="KvLayout"/>. More than that take turns.</summary>
    public int Sequences { get; set; }

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

    /// <summary>How long a model stays in memory after its last request when nothing else wants the room: 0 for not at all, negative for ever.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What differs from <see cref="KeepAlive"/>, by the name of the model.</summary>
    public Dictionary<string, TimeSpan> KeepAlives { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a request waits for room when its model was unloaded and all that is in memory works.</summary>
    public TimeSpan WaitForRoom { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>LoRA adapters by name.</summary>
    public Dictionary<string, AdapterOptions> Adapters { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often to look for models whose time is over.</summary>
    internal TimeSpan SweepPeriod =>
        TimeSpan.FromTicks(Math.Clamp(KeepAlives.Values.Append(KeepAlive).Where(time => time > TimeSpan.Zero).Select(time => time.Ticks / 4).DefaultIfEmpty(long.MaxValue).Min(), TimeSpan.TicksPerSecond, 60 * TimeSpan.TicksPerSecond));

    /// <summary>How long a model stays, by the name that it was asked for or its own.</summary>
    internal TimeSpan KeepAliveOf(string model, string name) =>
        KeepAlives.TryGetValue(model, out var own) || KeepAlives.TryGetValue(name, out own) ? own : KeepAlive;

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
