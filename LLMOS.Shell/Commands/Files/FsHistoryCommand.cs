using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs history</c>: lists the versions of a file.</summary>
internal sealed class FsHistoryCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file");
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public FsHistoryCommand(ShellContext context)
        : base("history", "List the versions of a file, oldest first", context)
    {
        Add(_path);
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var versions = await files.GetHistoryAsync(parse.GetRequiredValue(_path));
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), [.. versions.Select(version => new VersionRow(version.Version, version.At, version.Author, version.Change, version.Length))], JsonRows.Readable.ListVersionRow));
            return;
        }

        FileView.Show(Context.Console, versions);
    }
}
