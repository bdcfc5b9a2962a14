using System.CommandLine;

namespace LLMOS.Shell.Commands;

/// <summary>A command of <c>llmos</c>. Errors are exceptions; what they become is decided in one place.</summary>
internal abstract class ShellCommand : Command
{
    protected ShellCommand(string name, string description, ShellContext context)
        : base(name, description)
    {
        Context = context;
        SetAction(RunAsync);
    }

    protected ShellContext Context { get; }

    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken);
}
