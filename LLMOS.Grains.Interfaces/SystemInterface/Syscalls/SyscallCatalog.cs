using System.Collections.Frozen;
using System.Collections.Immutable;
using static LLMOS.SystemInterface.Syscalls.SyscallArgumentType;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>All syscalls. Opcodes go by tens of a subject and are never given to another one.</summary>
public static class SyscallCatalog
{
    /// <summary>In the order of their opcodes.</summary>
    public static ImmutableArray<SyscallDefinition> All { get; } =
    [
        Call(1, "spawn", "Start a new process in a role.",
            Optional("role", Text), Optional("name", Text), Choice("kind", false, "user", "system", "specialist", "meta"), Optional("priority", Priority),
            Optional("budget", Number), Optional("model", Text), Optional("inheritContext", Flag), Optional("after", Processes)),
        Call(2, "kill", "End a process for good.", Needed("pid", Process)) with { IsDestructive = true },
        Call(3, "suspend", "Pause a process until it is resumed.", Needed("pid", Process)),
        Call(4, "resume", "Let a suspended process go on.", Needed("pid", Process)),
        Call(5, "wait", "Wait until a process has ended.", Needed("pid", Process)),
        Call(6, "merge", "Make one process of two.", Needed("a", Process), Needed("b", Process)) with { IsDestructive = true },
        Call(7, "split", "Divide a process into several.", Needed("pid", Process), Optional("parts", Number)),
        Call(8, "lendAttention", "Lend a part of one process's attention to another.",
            Needed("from", Process), Needed("to", Process), Optional("percentage", Number)),
        Call(9, "swapModel", "Give a process another model.", Needed("pid", Process), Needed("model", Text)),
        Call(10, "malloc", "Make a memory region for a purpose.", Optional("purpose", Text), Optional("name", Text), Optional("size", Number)),
        Call(11, "free", "Give a memory region back.", Needed("region", Text)) with { IsDestructive = true },
        Call(12, "share", "Share a memory region with a process.", Needed("region", Text), Needed("pid", Process), Choice("mode", false, "read", "write")),
        Call(20, "send", "Send a message to a process.", Needed("pid", Process), Needed("text", Text)),
        Call(21, "receive", "Receive the next message, of one sender or of all.", Optional("from", Process)),
        Call(22, "broadcast", "Send a message to all processes.", Needed("text", Text)),
        Call(30, "embed", "Compute the vector of a text.", Needed("text", Text)),
        Call(31, "search", "Search all knowledge for a topic.", Needed("query", Text)),
        Call(32, "index", "Read a file or directory into the knowledge.", Needed("path", Text)),
        Call(40, "setpriority", "Set the priority of a process.", Needed("pid", Process), Needed("priority", Priority)),
        Call(41, "nice", "Change the priority of a process by a number.", Needed("pid", Process), Needed("delta", Number)),
        Call(42, "getrlimit", "Show the limits of a process and what is left of them.", Optional("pid", Process)),
        Call(43, "setrlimit", "Set a limit of a process.",
            Optional("pid", Process), Choice("limit", true, "tokens", "processes", "memory", "messages", "requests", "rate", "slice", "hardcap", "gpu"),
            Needed("value", Number)) with { IsDestructive = true },
        Call(50, "cd", "Change the working directory, by path or by meaning.", Needed("path", Text)),
        Call(51, "ls", "List a directory, or what is similar to something.", Optional("path", Text), Optional("similarTo", Text)),
        Call(52, "cat", "Show what is in a file.", Needed("path", Text)),
        Call(53, "grep", "Find text, or a meaning, in files.", Optional("pattern", Text), Optional("meaning", Text), Optional("path", Text)),
        Call(54, "write", "Write a text into a file.", Needed("path", Text), Needed("text", Text)),
        Call(55, "append", "Add a text to the end of a file.", Needed("path", Text), Needed("text", Text)),
        Call(56, "move", "Move or rename a file.", Needed("path", Text), Needed("to", Text)),
        Call(57, "remove", "Remove a file or directory.", Needed("path", Text)) with { IsDestructive = true },
        Call(58, "mkdir", "Make a directory.", Needed("path", Text)),
        Call(59, "history", "List the versions of a file.", Needed("path", Text)),
        Call(60, "rollback", "Bring an older version of a file back.", Needed("path", Text), Optional("version", Number)),
        Call(70, "ps", "List the processes."),
        Call(71, "top", "Show what the processes use, as it changes."),
        Call(72, "help", "Explain the commands, or one of them.", Optional("topic", Text)),
    ];

    private static readonly FrozenDictionary<string, SyscallDefinition> ByName = All.ToFrozenDictionary(call => call.Name, StringComparer.Ordinal);

    /// <summary>The syscall of a name; null when there is none.</summary>
    public static SyscallDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether the effect of a call cannot be taken back.</summary>
    public static bool IsDestructive(SyscallCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Find(call.Name) is { IsDestructive: true };
    }

    private static SyscallDefinition Call(int opcode, string name, string description, params ImmutableArray<SyscallParameter> parameters) =>
        new(opcode, name, description, parameters);

    private static SyscallParameter Needed(string name, SyscallArgumentType type) => new(name, type, true, []);

    private static SyscallParameter Optional(string name, SyscallArgumentType type) => new(name, type, false, []);

    private static SyscallParameter Choice(string name, bool required, params ImmutableArray<string> choices) =>
        new(name, SyscallArgumentType.Choice, required, choices);
}
