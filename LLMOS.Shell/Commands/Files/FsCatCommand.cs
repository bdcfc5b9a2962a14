using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs cat</c>: writes a file's content, of now or of a version.</summary>
internal sealed class FsCatCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file");
    private readonly Option<long?> _version = new("--version", "-v") { Description = "A version that fs history lists (default: the newest)", HelpName = "N" };

    public FsCatCommand(ShellContext context)
        : base("cat", "Write a file's content", context)
    {
        Add(_path);
        Add(_version);
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var text = await files.ReadAsync(parse.GetRequiredValue(_path), parse.GetValue(_version));

        // A terminal is protected from what it would obey; a pipe gets every byte.
        await Context.Console.Out.WriteAsync(Context.Console.OutAnsi is null ? text : SafeText.Lines(text));
    }
}
