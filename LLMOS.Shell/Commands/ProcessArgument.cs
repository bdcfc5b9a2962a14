using System.CommandLine;

namespace LLMOS.Shell.Commands;

/// <summary>The argument that names a process.</summary>
internal static class ProcessArgument
{
    public static Argument<string> Create(string description = "The process: a PID or a name") => new("PID")
    {
        Description = description,
        HelpName = "PID|NAME",
    };

    public static Argument<string[]> CreateMany() => new("PID")
    {
        Description = "The processes: PIDs or names",
        HelpName = "PID|NAME",
        Arity = ArgumentArity.OneOrMore,
    };
}
