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

    /// <summary>
    /// What the turn has said, by way of which it says all it does; null when the process's durability is
    /// <see cref="ProcessDurability.Turn"/>, where it shows what it says.
    /// </summary>
    TurnScript? Script { get; }

    IGrainFactory Grains { get; }

    DateTimeOffset Now { get; }

    /// <summary>Waits for the slice in which the budget has so many tokens left.</summary>
    /// <param name="needed">Tokens; at most the budget's allocation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tokens left in this slice; fewer than needed only when the budget is a hard cap.</returns>
    Task<long> AwaitBudgetAsync(long needed, CancellationToken cancellationToken);

    /// <summary>The process thinks from now on, until it shows or returns otherwise.</summary>
    void BeginThinking();

    void EndThinking();

    /// <summary>
    /// Says that tokens were computed, as they are: a turn that does not come to its commit is charged for them. One that
    /// does is charged for what its outcome says instead.
    /// </summary>
    void Spend(long tokens);

    /// <summary>Shows text to whoever watches the process.</summary>
    void Show(string text, int tokens);
}
