using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs mv</c>: moves a file or a directory; writes where it is then.</summary>
internal sealed class FsMoveCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file or directory");
    private readonly Argument<string> _to = new("TO") { Description = "Where to, or the directory to put it into" };

    public FsMoveCommand(ShellContext context)
        : base("mv", "Move or rename a file or a directory", context)
    {
        Aliases.Add("move");
        Add(_path);
        Add(_to);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken) =>
        await Context.Console.Out.WriteLineAsync((await files.MoveAsync(parse.GetRequiredValue(_path), parse.GetRequiredValue(_to))).Path);
}
