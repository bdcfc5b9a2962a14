using System.CommandLine;
using System.CommandLine.Parsing;
using LLMOS.Shell.Output;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary><c>fs find</c>, and <c>find</c>: finds files, directories and links by what they are, and writes their paths.</summary>
internal sealed class FsFindCommand : FileCommand
{
    private readonly Argument<string> _path = OptionalPath("Where to look");
    private readonly Option<string?> _name = Pattern("--name", "Only with a name like this: * for any characters, ? for one, [a-z] for one of these; in quotes, so that your shell leaves it", anyCase: false);
    private readonly Option<string?> _anyCase = Pattern("--iname", "The same whatever the case of letters", anyCase: true);
    private readonly Option<NodeKind?> _kind = new("--type")
    {
        Description = "Only files, directories or symbolic links",
        HelpName = "f|d|l",
        CustomParser = result => result.Tokens is [{ Value: var word }] ? KindOf(word, result) : null,
    };

    private readonly Option<(long Least, long Most)?> _size = SizeOption.Create("--size", "Only files of so many bytes; +N of more, -N of less");
    private readonly Option<DateTimeOffset?> _newer = TimeOption.Create("--newer", "Only what changed after a time such as 2026-01-31T12:00, or within the last 90s, 10m, 2h, 7d");
    private readonly Option<DateTimeOffset?> _older = TimeOption.Create("--older", "Only what changed before that");
    private readonly Option<string?> _owner = new("--owner") { Description = "Only of this principal, or of the one that a process is of", HelpName = "PRINCIPAL|PID" };
    private readonly Option<int?> _depth = new("--depth")
    {
        Description = "At most so many levels below PATH; 0 for PATH itself",
        HelpName = "N",
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<long>(result) is < 0 or > int.MaxValue)
                {
                    result.AddError($"--depth is {result.Tokens[0].Value}: use 0 for PATH itself, 1 for what is in it, and so on.");
                }
            },
        },
    };

    private readonly Option<string?> _meaning = new("--meaning")
    {
        Description = $"Only of the {FileFilter.MostByMeaning} that are nearest to this, the nearest first",
        HelpName = "TEXT",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var text] && string.IsNullOrWhiteSpace(text.Value))
                {
                    result.AddError("--meaning is empty: say what it should be about.");
                }
            },
        },
    };

    private readonly Option<int?> _limit = new("--lines", "-n", "--limit")
    {
        Description = "At most so many (default: all)",
        HelpName = "N",
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<long>(result) is < 1 or > int.MaxValue)
                {
                    result.AddError($"--lines is {result.Tokens[0].Value}: use 1 or more.");
                }
            },
        },
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    /// <param name="context">The shell.</param>
    /// <param name="isOfShell">Whether it stands at the beginning of a line, where a word that is no path is the beginning of a sentence.</param>
    public FsFindCommand(ShellContext context, bool isOfShell = false)
        : base("find", "Find files and directories by name, kind, size, time, owner and meaning", context)
    {
        Add(_path);
        Add(_name);
        Add(_anyCase);
        Add(_kind);
        Add(_size);
        Add(_newer);
        Add(_older);
        Add(_owner);
        Add(_depth);
        Add(_meaning);
        Add(_limit);
        Add(_format);
        if (isOfShell)
        {
            _path.Validators.Add(result =>
            {
                if (result.Tokens is [var word] && !word.Value.StartsWith('/') && !word.Value.StartsWith('.'))
                {
                    result.AddError($"'{word.Value}' is no path: begin it with '/' or './', or use search to find what is about it.");
                }
            });
        }
    }

    protected override async Task RunAsync(ParseResult parse, IVectorFsGrain files, CancellationToken cancellationToken)
    {
        var size = parse.GetValue(_size);
        var filter = new FileFilter
        {
            Name = parse.GetValue(_name),
            NameOfAnyCase = parse.GetValue(_anyCase),
            Kind = parse.GetValue(_kind),
            MinLength = size?.Least,
            MaxLength = size?.Most,
            NewerThan = parse.GetValue(_newer),
            OlderThan = parse.GetValue(_older),
            Owner = parse.GetValue(_owner),
            Depth = parse.GetValue(_depth),
            Meaning = parse.GetValue(_meaning),
        };
        var found = files.FindAllAsync(parse.GetRequiredValue(_path), filter, parse.GetValue(_limit) ?? int.MaxValue, cancellationToken);
        if (parse.GetValue(_format) != OutputFormat.Table)
        {
            var rows = new List<FileRow>();
            await foreach (var node in found)
            {
                rows.Add(FileRow.Of(node));
            }

            await Context.Console.Out.WriteLineAsync(Structured.Write(parse.GetValue(_format), rows, JsonRows.Readable.ListFileRow));
            return;
        }

        await foreach (var node in found)
        {
            await Context.Console.Out.WriteLineAsync(SafeText.Line(node.Path));
        }
    }

    private static NodeKind? KindOf(string word, ArgumentResult result)
    {
        var kind = NodeKinds.Find(word);
        if (kind is null)
        {
            result.AddError($"--type is '{word}': use f for files, d for directories or l for symbolic links.");
        }

        return kind;
    }

    private static Option<string?> Pattern(string name, string description, bool anyCase) => new(name)
    {
        Description = description,
        HelpName = "GLOB",
        Validators =
        {
            result =>
            {
                try
                {
                    _ = result.Tokens is [var pattern] ? NamePattern.Parse(pattern.Value, anyCase) : null;
                }
                catch (LlmosException wrong)
                {
                    result.AddError($"{name}: {wrong.Message}");
                }
            },
        },
    };
}
