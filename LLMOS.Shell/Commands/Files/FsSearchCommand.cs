using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs search</c>: finds files by meaning and by words.</summary>
internal sealed class FsSearchCommand : FileCommand
{
    private readonly Argument<string> _query = new("QUERY") { Description = "What they should be about" };
    private readonly Argument<string> _path = OptionalPath("Where to look");
    private readonly Option<DateTimeOffset?> _asOf = TimeOption.Create("--as-of", "As the files were at a time, by meaning alone");
    private readonly Option<int> _limit = Limit(20, 1);
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public FsSearchCommand(ShellContext context)
        : base("search", "Find files by meaning and by words, the best first", context)
    {
        Add(_query);
        Add(_path);
        Add(_asOf);
        Add(_limit);
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken) => FileView.Show(
        Context.Console,
        await files.SearchAsync(parse.GetRequiredValue(_query), parse.GetRequiredValue(_path), parse.GetValue(_limit), parse.GetValue(_asOf)),
        parse.GetValue(_format));
}
