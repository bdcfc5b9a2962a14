using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs rollback</c>: brings an older version of a file back as its newest.</summary>
internal sealed class FsRollbackCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file");
    private readonly Argument<long?> _version = new("VERSION") { Description = "A version that fs history lists (default: the one before the newest)", DefaultValueFactory = _ => null };

    public FsRollbackCommand(ShellContext context)
        : base("rollback", "Bring an older version of a file back, as a new version", context)
    {
        Add(_path);
        Add(_version);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var file = await files.RollbackAsync(parse.GetRequiredValue(_path), parse.GetValue(_version));
        await Context.Console.Out.WriteLineAsync($"{file.Path} is at version {file.Version}");
    }
}
