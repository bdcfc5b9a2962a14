using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>A turn of a process: what its program sees and may do while it handles a message.</summary>
public interface ITurn
{
    ProcessControlBlock Process { get; }

    ProcessSpec Spec { get; }

    VmpMessage Message { get; }

    /// <summary>The same for every attempt at this message.</summary>
    ulong Seed { get; }

    IGrainFactory Grains { get; }

    /// <summary>Waits until the budget has tokens left, over as many slices as it takes.</summary>
    /// <returns>The tokens left in this slice; 0 when the budget is a hard cap and used up.</returns>
    Task<long> AwaitBudgetAsync(CancellationToken cancellationToken);

    /// <summary>The process thinks from now on, until it shows or returns otherwise.</summary>
    void BeginThinking();

    void EndThinking();

    /// <summary>Shows text to whoever watches the process.</summary>
    void Show(string text, int tokens);
}
