using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Processes;

/// <summary>A turn of a process: what its program sees and may do while it handles a message.</summary>
public interface ITurn
{
    ProcessControlBlock Process { get; }

    ProcessSpec Spec { get; }

    VmpMessage Message { get; }

    /// <summary>What was said before, where the message is the one request that the process was spawned for; null for any other message.</summary>
    ImmutableArray<ContextEntry>? History { get; }

    /// <summary>How urgent the process is now: as urgent as itself, or as the most urgent of those that wait for it.</summary>
    ProcessPriority Priority { get; }

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

    /// <summary>
    /// Asks another process and waits for its RESPONSE, which is done with when the turn is committed. The process is
    /// BLOCKED meanwhile and lends the other its priority. A turn that is run again asks the same question and finds the
    /// answer that has come. Ask one after the other: a turn that waits for several at once is taken to need all of them.
    /// </summary>
    /// <param name="pid">Who is asked.</param>
    /// <param name="text">What it is asked.</param>
    /// <param name="timeout">How long the answer may take; null for as long as the other lives.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LlmosException">
    /// There is no such process, it could not answer or ended before, the time was up
    /// (<see cref="LlmosErrorCode.DeadlineExceeded"/>), or it waits for this process itself (<see cref="LlmosErrorCode.Deadlock"/>).
    /// </exception>
    Task<VmpMessage> AskAsync(long pid, string text, TimeSpan? timeout, CancellationToken cancellationToken);

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
