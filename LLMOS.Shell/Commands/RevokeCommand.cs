using System.CommandLine;
using LLMOS.Kernel.Security;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>revoke</c>: takes permissions away from a process and all that descends from it.</summary>
internal sealed class RevokeCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create();

    private readonly Argument<string[]> _permissions = new("PERMISSION")
    {
        Description = "READ_CONTEXT, WRITE_CONTEXT, EXECUTE_TOOL, SPAWN_AGENT, BROADCAST, SUDO or ALL",
        Arity = ArgumentArity.OneOrMore,
    };

    public RevokeCommand(ShellContext context)
        : base("revoke", "Take permissions away from a process and its descendants; writes those it still has", context)
    {
        Add(_process);
        Add(_permissions);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var permissions = parse.GetRequiredValue(_permissions).Aggregate(Permissions.None, (all, name) => all | PermissionNames.Parse(name));
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var left = await lease.Client.RevokeAsync(await lease.Client.ResolveAsync(parse.GetRequiredValue(_process), "revoke"), permissions).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync(PermissionNames.Of(left));
        return ExitCodes.Success;
    }
}
