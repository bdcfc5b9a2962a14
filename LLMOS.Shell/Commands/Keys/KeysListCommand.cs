using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands.Keys;

/// <summary><c>keys list</c>: lists the keys without their secrets.</summary>
internal sealed class KeysListCommand : ShellCommand
{
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public KeysListCommand(ShellContext context)
        : base("list", "List the keys, revoked ones too", context) => Add(_format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var keys = await lease.Client.Keys.ListAsync().WaitAsync(cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. keys.Select(key => KeyRow.Of(key))], JsonRows.Readable.ListKeyRow));
            return ExitCodes.Success;
        }

        var table = new TextTable().Column("KEY").Column("PRINCIPAL").Column("ROLE").Column("A MINUTE", right: true).Column("PRIORITY", right: true).Column("ACCOUNT").Column("MADE").Column("REVOKED");
        var now = DateTimeOffset.UtcNow;
        foreach (var key in keys)
        {
            table.Row(
                key.Id,
                key.Principal,
                key.Role.ToString().ToLowerInvariant(),
                key.RequestsPerMinute is { } rate ? Figures.Count(rate) : "",
                Figures.Count(key.Priority.Value),
                key.Account,
                Figures.Moment(key.CreatedAt, now),
                key.RevokedAt is { } revoked ? Figures.Moment(revoked, now) : "");
        }

        table.WriteTo(Context.Console);
        return ExitCodes.Success;
    }
}
