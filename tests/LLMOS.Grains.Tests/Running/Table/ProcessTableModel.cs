using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running.Table;

/// <summary>The process table in a few lines of memory: no grain, no store, no time.</summary>
internal sealed class ProcessTableModel
{
    /// <summary>In the order of their PIDs.</summary>
    public List<ModelProcess> Processes { get; } = [];

    public void Spawn(long pid, string name, ModelProcess? parent, ModelProcess? after, DependencyPolicy policy, bool restarts)
    {
        var process = new ModelProcess(pid, name, parent, policy, restarts);
        Processes.Add(process);
        parent?.Children.Add(process);
        if (after is not null)
        {
            process.WaitFor(after);
        }
    }

    /// <summary>Of several with a name, the newest that lives, else the newest.</summary>
    public ModelProcess Resolve(string name) =>
        Processes.LastOrDefault(process => process.Name == name && !process.HasEnded) ?? Processes.Last(process => process.Name == name);

    /// <summary>Itself and all that spend from it.</summary>
    public IEnumerable<ModelProcess> Tree(ModelProcess process) => Processes.Where(other => other.SpendsFrom(process));
}
