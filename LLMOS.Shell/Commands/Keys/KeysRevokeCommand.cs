using System.CommandLine;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands.Keys;

/// <summary><c>keys revoke</c>: ends a key.</summary>
internal sealed class KeysRevokeCommand : ShellCommand
{
    private readonly Argument<string> _key = new("KEY") { Description = "The key's id, as keys list has it" };

    public KeysRevokeCommand(ShellContext context)
        : base("revoke", "End a key: the next request that shows it is refused", context) => Add(_key);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var key = await lease.Client.Keys.RevokeAsync(parse.GetRequiredValue(_key)).WaitAsync(cancellationToken);
        await Context.Console.Out.WriteLineAsync($"The key {key.Id} of {key.Principal} is revoked.");
        return ExitCodes.Success;
    }
}
