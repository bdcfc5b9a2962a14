namespace LLMOS.Kernel.Processes;

/// <summary>Handles nothing: messages stay in the mailbox until they are received from outside.</summary>
public sealed class MailboxProgram : IProcessProgram
{
    public string Name => ProcessPrograms.Mailbox;

    public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A mailbox has no turns.");
}
