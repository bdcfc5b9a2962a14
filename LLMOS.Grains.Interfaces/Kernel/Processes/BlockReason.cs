namespace LLMOS.Kernel.Processes;

/// <summary>What a BLOCKED process waits for.</summary>
[GenerateSerializer, Alias("llmos.block-reason")]
public enum BlockReason
{
    None,
    Receive,
    Ack,
    Tool,
    Dependency,
    Lock,
    Budget,

    /// <summary>The delay before it begins anew.</summary>
    Restart,

    /// <summary>Room in the mailbox of a process that it sends to.</summary>
    Send,

    /// <summary>The answer of a process that it has asked.</summary>
    Response,
}
