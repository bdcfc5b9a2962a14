namespace LLMOS.Kernel.Processes;

/// <summary>The names of the programs that a process can run.</summary>
public static class ProcessPrograms
{
    /// <summary>An LLM agent: takes a message, thinks, replies or passes on.</summary>
    public const string Agent = "agent";

    /// <summary>An LLM agent that makes the syscalls which a request asks for, as the process, and answers what came of them.</summary>
    public const string Actor = "actor";

    /// <summary>An LLM that answers one request, which brings the whole conversation, and ends; nothing of it is stored.</summary>
    public const string Completion = "completion";

    /// <summary>No program: messages stay in the mailbox until they are received from outside.</summary>
    public const string Mailbox = "mailbox";

    /// <summary>The user's end of a workflow: takes the result and ends the run.</summary>
    public const string RunEndpoint = "run-endpoint";

    /// <summary>The system agent that keeps the system log.</summary>
    public const string Logger = "logger";

    /// <summary>The system agent that answers questions about the system's state.</summary>
    public const string Monitor = "monitor";

    /// <summary>The system agent that answers questions about the run queues and devices.</summary>
    public const string Scheduler = "scheduler";

    /// <summary>The system agent that writes the summaries of what is not in a window.</summary>
    public const string Summarizer = "summarizer";
}
