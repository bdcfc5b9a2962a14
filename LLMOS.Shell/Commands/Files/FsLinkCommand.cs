using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs ln</c>: gives a file one more name, or makes a symbolic link; writes its path.</summary>
internal sealed class FsLinkCommand : FileCommand
{
    private readonly Argument<string> _target = new("TARGET") { Description = "The file; with -s any path, also one relative to where the link is" };
    private readonly Argument<string> _path = new("PATH") { Description = "The new name, or the directory to put it into" };
    private readonly Option<bool> _symbolic = new("--symbolic", "-s") { Description = "A name that stands for a path" };

    public FsLinkCommand(ShellContext context)
        : base("ln", "Give a file one more name, or make a symbolic link", context)
    {
        Aliases.Add("link");
        Add(_target);
        Add(_path);
        Add(_symbolic);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var (target, path) = (parse.GetRequiredValue(_target), parse.GetRequiredValue(_path));
        var link = await (parse.GetValue(_symbolic) ? files.LinkSymbolicallyAsync(target, path) : files.LinkAsync(target, path));
        await Context.Console.Out.WriteLineAsync(link.Path);
    }
}
