using System.CommandLine;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary>A command on VectorFS: it opens a session, and the rest is a call or two.</summary>
internal abstract class FileCommand(string name, string description, ShellContext context) : ShellCommand(name, description, context)
{
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        await RunAsync(parse, Context.Directory.Of(lease.Client.Files), cancellationToken).WaitAsync(cancellationToken);
        return ExitCodes.Success;
    }

    protected abstract Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken);

    protected static Argument<string> PathArgument(string description) => new("PATH") { Description = description };

    protected static Argument<string> OptionalPath(string description) => new("PATH")
    {
        Description = $"{description} (default: where the shell is, or /)",
        DefaultValueFactory = _ => ".",
    };

    protected static Option<int> Limit(int most, int least) => new("--lines", "-n")
    {
        Description = $"At most so many (default {most})",
        HelpName = "N",
        DefaultValueFactory = _ => most,
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<long>(result) is { } count && (count < least || count > most * 10L))
                {
                    result.AddError($"--lines is {count}: use {least} to {most * 10L}.");
                }
            },
        },
    };
}
