using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary>A change of what is at one path; writes the path.</summary>
internal sealed class FsChangeCommand : FileCommand
{
    private readonly Argument<string> _path;
    private readonly Func<IVectorFsGrain, string, Task<FileNode>> _change;

    public FsChangeCommand(string name, string description, string path, ShellContext context, Func<IVectorFsGrain, string, Task<FileNode>> change)
        : base(name, description, context)
    {
        _change = change;
        Add(_path = PathArgument(path));
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken) =>
        await Context.Console.Out.WriteLineAsync((await _change(files, parse.GetRequiredValue(_path))).Path);
}
