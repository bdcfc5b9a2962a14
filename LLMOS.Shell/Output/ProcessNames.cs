using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Shell.Output;

/// <summary>The names of the processes that messages are between.</summary>
internal sealed class ProcessNames
{
    private readonly Dictionary<long, string> _names;

    private ProcessNames(Dictionary<long, string> names) => _names = names;

    /// <summary>The name of a process; empty when there is none.</summary>
    public string this[long pid] => _names[pid];

    public static async Task<ProcessNames> OfAsync(LlmosClient client, IEnumerable<LoggedMessage> messages)
    {
        var pids = messages.SelectMany(logged => new[] { logged.Message.From, logged.Message.To }).ToHashSet();
        var names = (await client.ListProcessesAsync()).Where(process => pids.Contains(process.Pid)).ToDictionary(process => process.Pid, process => process.Name);
        names.TryAdd(WellKnownPids.Init, "init");
        foreach (var pid in pids.Except(names.Keys).ToArray())
        {
            try
            {
                names[pid] = (await client.GetProcessAsync(pid)).Name;
            }
            catch (LlmosException unknown) when (unknown.Code == LlmosErrorCode.NotFound)
            {
                names[pid] = "";
            }
        }

        return new ProcessNames(names);
    }

    public string Label(long pid) => _names[pid].Length > 0 ? $"{_names[pid]}({pid})" : Figures.Count(pid);
}
