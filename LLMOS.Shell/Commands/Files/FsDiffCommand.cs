using System.CommandLine;
using System.Globalization;
using DiffPlex.Renderer;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs diff</c>: writes what differs between two versions of a file, as a unified diff.</summary>
internal sealed class FsDiffCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file");

    private readonly Argument<long?> _from = new("FROM")
    {
        Description = "The older version (default: the one before the newest)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<long?> _to = new("TO")
    {
        Description = "The newer version (default: the newest)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public FsDiffCommand(ShellContext context)
        : base("diff", "Show what differs between two versions of a file", context)
    {
        Add(_path);
        Add(_from);
        Add(_to);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_path);
        var newest = (await files.GetHistoryAsync(path))[^1].Version;
        var to = parse.GetValue(_to) ?? newest;
        var from = parse.GetValue(_from) ?? newest - 1;
        if (from < 1)
        {
            throw LlmosException.Refused($"{path} has one version only: there is none to compare it with.");
        }

        var difference = UnidiffRenderer.GenerateUnidiff(await files.ReadAsync(path, from), await files.ReadAsync(path, to), Named(path, from), Named(path, to));
        await Context.Console.Out.WriteAsync(Context.Console.OutAnsi is null ? difference : SafeText.Lines(difference));
    }

    private static string Named(string path, long version) => string.Create(CultureInfo.InvariantCulture, $"{path} (version {version})");
}
