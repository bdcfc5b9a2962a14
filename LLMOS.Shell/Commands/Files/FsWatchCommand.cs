using System.CommandLine;
using System.Globalization;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs watch</c>: writes a line for each change at a path and below it, until Ctrl-C.</summary>
internal sealed class FsWatchCommand : ShellCommand
{
    private readonly Argument<string> _path = new("PATH") { Description = "A file or directory (default: where the shell is, or /)", DefaultValueFactory = _ => "." };

    public FsWatchCommand(ShellContext context)
        : base("watch", "Show what changes in a file or directory, until Ctrl-C", context) => Add(_path);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false, Lasts = true }, cancellationToken);
        await foreach (var change in lease.Client.WatchFilesAsync(Context.Directory.Absolute(parse.GetRequiredValue(_path)), cancellationToken))
        {
            await Context.Console.Out.WriteLineAsync(SafeText.Line(change.Kind switch
            {
                FileEventKind.Written => string.Create(CultureInfo.InvariantCulture, $"written {change.Path} version {change.Version} by {change.Author}"),
                FileEventKind.Moved => $"moved {change.From} to {change.Path} by {change.Author}",
                FileEventKind.Linked => $"linked {change.Path} to {change.From} by {change.Author}",
                FileEventKind.Missed => $"missed some: look at {change.Path} again",
                var kind => $"{kind.ToString().ToLowerInvariant()} {change.Path} by {change.Author}",
            }));
        }

        return ExitCodes.Success;
    }
}
