namespace LLMOS.Kernel;

/// <summary>How the kernel runs on a silo.</summary>
public sealed class KernelOptions
{
    /// <summary>
    /// Whether messages are delivered and turns run. A shell that only looks at what happened leaves both where they
    /// are: listing the processes must not make them work.
    /// </summary>
    public bool DeliverMessages { get; set; } = true;

    /// <summary>How many messages wait in a mailbox before its senders have to.</summary>
    public int MaxMailboxMessages { get; set; } = 10_000;

    /// <summary>
    /// How many bytes they take in memory before its senders have to wait. A single message that is larger finds room in
    /// an empty mailbox.
    /// </summary>
    public long MaxMailboxBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>How often a turn is tried that meets a passing fault, such as an engine that is away, before its message is a dead letter.</summary>
    public int MaxTurnAttempts { get; set; } = 5;

    /// <summary>The wait before the second attempt; each further one is four times the one before it.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait between two attempts is longer.</summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <exception cref="LlmosException">An option is out of its range.</exception>
    public void Validate()
    {
        Require(MaxMailboxMessages >= 1, $"MaxMailboxMessages is {MaxMailboxMessages}: a mailbox holds at least 1 message");
        Require(MaxMailboxBytes >= 1, $"MaxMailboxBytes is {MaxMailboxBytes}: a mailbox holds at least 1 byte");
        Require(MaxTurnAttempts >= 1, $"MaxTurnAttempts is {MaxTurnAttempts}: a turn is tried at least once");
        Require(FirstRetryDelay > TimeSpan.Zero, $"FirstRetryDelay is {FirstRetryDelay}: use a positive time");
        Require(LongestRetryDelay >= FirstRetryDelay, $"LongestRetryDelay is {LongestRetryDelay}: use at least FirstRetryDelay, which is {FirstRetryDelay}");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw LlmosException.InvalidArgument($"The kernel's option {otherwise}.");
        }
    }
}
