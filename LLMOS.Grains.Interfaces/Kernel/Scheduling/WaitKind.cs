namespace LLMOS.Kernel.Scheduling;

/// <summary>What a process waits for that another one holds.</summary>
[GenerateSerializer, Alias("llmos.wait-kind")]
public enum WaitKind
{
    /// <summary>The RESPONSE to a REQUEST.</summary>
    Response,

    /// <summary>The acknowledgement of a message.</summary>
    Ack,

    /// <summary>The end of a process that it is spawned to run after.</summary>
    Dependency,

    /// <summary>The end of a process (<c>wait</c>).</summary>
    End,

    /// <summary>Room in a mailbox.</summary>
    Room,
}
