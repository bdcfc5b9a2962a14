using System.Text;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>help.</summary>
internal sealed class InformationSyscalls : ISyscallSet
{
    public IEnumerable<SyscallHandler> Handlers => [new("help", Permissions.None, false, "topic", HelpAsync)];

    private static Task<SyscallResult> HelpAsync(SyscallContext context)
    {
        if (context.Arguments.Text("topic")?.Trim() is not { Length: > 0 } topic)
        {
            return Task.FromResult<SyscallResult>(new TextResult(string.Join('\n', SyscallCatalog.All.Select(Line))));
        }

        var definition = SyscallCatalog.Find(topic)
            ?? throw LlmosException.NotFound($"'{(topic.Length <= 40 ? topic : topic[..40] + "…")}' is no syscall: help without a topic lists them.");
        return Task.FromResult<SyscallResult>(new TextResult(Line(definition)));
    }

    private static string Line(SyscallDefinition definition)
    {
        var line = new StringBuilder(definition.Name);
        foreach (var parameter in definition.Parameters)
        {
            line.Append(parameter.Required ? $" {parameter.Name}" : $" [{parameter.Name}]");
        }

        return line.Append(": ").Append(definition.Description).ToString();
    }
}
