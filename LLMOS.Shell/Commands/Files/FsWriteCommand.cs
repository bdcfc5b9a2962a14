using System.CommandLine;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs write</c> and <c>fs append</c>: take a text, or standard input, into a file.</summary>
internal sealed class FsWriteCommand : FileCommand
{
    private readonly Argument<string> _path = PathArgument("The file");
    private readonly Argument<string> _text = new("TEXT") { Description = "The text; - for standard input", DefaultValueFactory = _ => RequestText.StandardInput };
    private readonly Option<long?> _expect = new("--expect") { Description = "Only if this is the version that is there; 0 for none", HelpName = "N" };
    private readonly bool _appends;

    private FsWriteCommand(string name, string description, bool appends, ShellContext context)
        : base(name, description, context)
    {
        _appends = appends;
        Add(_path);
        Add(_text);
        if (!appends)
        {
            Add(_expect);
        }
    }

    public static FsWriteCommand Write(ShellContext context) => new("write", "Make a file, or write its next version", appends: false, context);

    public static FsWriteCommand Append(ShellContext context) => new("append", "Add a text to the end of a file, or make it", appends: true, context);

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var (path, text) = (parse.GetRequiredValue(_path), parse.GetRequiredValue(_text));
        if (text == RequestText.StandardInput)
        {
            text = await HostText.ReadAsync(Console.OpenStandardInput(), "standard input", cancellationToken);
        }

        var file = _appends ? await files.AppendAsync(path, text) : await files.WriteAsync(path, text, parse.GetValue(_expect));
        await Context.Console.Out.WriteLineAsync($"{file.Path} is at version {file.Version}");
    }
}
