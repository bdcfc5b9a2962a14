using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs rm</c>: removes a file or a directory; writes how many things that were.</summary>
internal sealed class FsRemoveCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file or directory");
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "A directory with all that is in it" };

    public FsRemoveCommand(ShellContext context)
        : base("rm", "Remove a file or a directory", context)
    {
        Aliases.Add("remove");
        Add(_path);
        Add(_recursive);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var removed = await files.RemoveAsync(parse.GetRequiredValue(_path), parse.GetValue(_recursive));
        await Context.Console.Out.WriteLineAsync(removed == 1 ? "1 removed" : $"{removed} removed");
    }
}
