using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// What a process runs: one turn for each message. A turn that is interrupted is run again from its start with the
/// same message and the same seed, so whatever it does to others must carry ids that follow from the message.
/// </summary>
public interface IProcessProgram
{
    /// <summary>The name by which a spec asks for it; see <see cref="ProcessPrograms"/>.</summary>
    string Name { get; }

    /// <summary>Whether a process that runs it answers one request and has nothing stored: it is spawned for that request, and ends with it.</summary>
    bool IsFleeting => false;

    /// <summary>Handles a message. Nothing it returns takes effect before the turn is committed, and then all of it does.</summary>
    Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken);

    /// <summary>Sees to it that a turn of a process can be gone on with where it was cut short; nothing is made yet.</summary>
    /// <exception cref="LlmosException">It cannot: the message says why and what to do instead.</exception>
    Task CheckContinuesAsync(ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(spec);
        throw LlmosException.InvalidArgument($"'{spec.Name}' cannot have the durability token: the program '{Name}' generates no tokens that could be logged; leave it at turn.");
    }

    /// <summary>The process was made. What can be got ready for its first turn elsewhere is; its spawn does not fail when that fails.</summary>
    Task OnStartedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => Task.CompletedTask;

    /// <summary>The process was suspended or has ended: what the program holds for it elsewhere is given back.</summary>
    Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => Task.CompletedTask;

    /// <summary>The process is more or less urgent while it thinks: the engine that works for it is told.</summary>
    /// <param name="process">The process.</param>
    /// <param name="model">The model of the turn.</param>
    /// <param name="priority">How urgent it is now.</param>
    /// <param name="grains">The grains.</param>
    /// <returns>False when no engine works for it yet.</returns>
    Task<bool> OnPriorityChangedAsync(ProcessControlBlock process, string model, ProcessPriority priority, IGrainFactory grains) => Task.FromResult(true);

    /// <summary>Gets another model ready for a process, so that its next turn can run on it; nothing of the process changes.</summary>
    /// <exception cref="LlmosException">There is no such model, no silo has room for it, or the program does not think.</exception>
    Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) =>
        throw LlmosException.Refused($"Process {process.Pid} ({process.Name}) runs '{Name}', which thinks with no model, so it cannot be given one.");

    /// <summary>The process has another model from now on: what it held of the one it had is given back.</summary>
    Task ReleaseModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) => Task.CompletedTask;
}
