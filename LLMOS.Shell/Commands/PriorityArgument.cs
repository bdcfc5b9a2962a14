using System.CommandLine;
using System.CommandLine.Parsing;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Shell.Commands;

/// <summary>A priority on the command line: a number or the name of a class.</summary>
internal static class PriorityArgument
{
    public static Argument<ProcessPriority> Create() => new("PRIORITY")
    {
        Description = "0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE",
        CustomParser = Parse,
    };

    public static Option<ProcessPriority?> CreateOption() => new("--priority", "-p")
    {
        Description = "0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE (default 10)",
        HelpName = "PRIORITY",
        CustomParser = result => Parse(result),
    };

    private static ProcessPriority Parse(ArgumentResult result)
    {
        try
        {
            return ProcessPriority.Parse(result.Tokens[0].Value);
        }
        catch (LlmosException wrong)
        {
            result.AddError(wrong.Message);
            return default;
        }
    }
}
