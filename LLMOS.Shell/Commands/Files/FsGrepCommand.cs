using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs grep</c>: finds lines with a text, whatever its case.</summary>
internal sealed class FsGrepCommand : FileCommand
{
    /// <summary>Lines that are found at most.</summary>
    private const int Most = 1_000;

    private readonly Argument<string> _pattern = new("TEXT") { Description = "The text" };
    private readonly Argument<string> _path = OptionalPath("Where to look");
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public FsGrepCommand(ShellContext context)
        : base("grep", "Find lines with a text; fs search finds by meaning", context)
    {
        Add(_pattern);
        Add(_path);
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var matches = await files.GrepAsync(parse.GetRequiredValue(_pattern), parse.GetRequiredValue(_path), Most);
        if (matches.Length == Most)
        {
            Context.Console.WriteProgress($"These are the first {Most} lines, and there may be more: look further below in the tree, or for more of the text.");
        }

        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            FileView.Show(Context.Console, matches, parse.GetValue(_format));
            return;
        }

        foreach (var match in matches)
        {
            await Context.Console.Out.WriteLineAsync(SafeText.Line($"{match.Path}:{match.Line}: {match.Text}"));
        }
    }
}
