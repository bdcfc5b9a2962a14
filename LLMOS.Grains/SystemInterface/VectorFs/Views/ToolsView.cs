using System.Text;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary><c>/tools</c>: a file for each syscall, with what it does and what it takes.</summary>
internal sealed class ToolsView : FlatView
{
    private static readonly ViewFile[] Files = [.. SyscallCatalog.All.Select(call => new ViewFile(call.Name, TextOf(call)))];

    public override string Path => "/tools";

    protected override Task<IEnumerable<ViewFile>> FilesAsync() => Task.FromResult<IEnumerable<ViewFile>>(Files);

    private static string TextOf(SyscallDefinition call)
    {
        var text = new StringBuilder(call.Description).Append('\n');
        foreach (var parameter in call.Parameters)
        {
            text.Append("\n  ").Append(parameter.Name).Append(": ").Append(parameter.Type.ToString().ToLowerInvariant());
            text.Append(parameter.Choices.IsDefaultOrEmpty ? "" : $" ({string.Join(", ", parameter.Choices)})").Append(parameter.Required ? "" : ", optional");
        }

        return text.Append('\n').ToString();
    }
}
