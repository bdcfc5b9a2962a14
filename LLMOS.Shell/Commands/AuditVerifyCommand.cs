using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>audit verify</c>: looks through the audit log for the first record that is not as it was written.</summary>
internal sealed class AuditVerifyCommand : ShellCommand
{
    public AuditVerifyCommand(ShellContext context)
        : base("verify", "Say whether the audit log is as it was written, and name the first record that is not (exit code 1)", context)
    {
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var found = await lease.Client.VerifyAuditAsync().WaitAsync(cancellationToken);
        if (!found.IsIntact)
        {
            throw LlmosException.Refused($"The audit log is not as it was written. {found.Problem} {Figures.Count(found.Records)} records before it are.");
        }

        await Context.Console.Out.WriteLineAsync($"{Figures.Count(found.Records)} records, intact; head {Convert.ToHexStringLower(found.Head.AsSpan())}");
        return ExitCodes.Success;
    }
}
