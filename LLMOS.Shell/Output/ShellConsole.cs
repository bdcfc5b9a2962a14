using Spectre.Console;

namespace LLMOS.Shell.Output;

/// <summary>
/// Where the shell writes. Standard output carries results, standard error progress and errors. Colours and moving
/// parts are for terminals only, and not where NO_COLOR is set.
/// </summary>
internal sealed class ShellConsole
{
    private const int MaxWidth = 16_384;

    private readonly Lazy<IAnsiConsole?> _out;
    private readonly Lazy<IAnsiConsole?> _error;

    public ShellConsole(TextWriter output, TextWriter error, bool outIsTerminal, bool errorIsTerminal, bool inIsTerminal)
    {
        Out = output;
        Error = error;
        OutIsTerminal = outIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        InIsTerminal = inIsTerminal;
        _out = new(() => outIsTerminal ? Create(output) : null);
        _error = new(() => errorIsTerminal ? Create(error) : null);
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public bool OutIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    public bool InIsTerminal { get; }

    /// <summary>Whether all three are a terminal whose cursor can be moved, with or without colours: a line can be edited there, and a full screen shown.</summary>
    public bool CanDraw { get; init; }

    /// <summary>Standard output where it may be coloured, else null.</summary>
    public IAnsiConsole? OutAnsi => _out.Value;

    /// <summary>Standard error where it may be coloured, else null.</summary>
    public IAnsiConsole? ErrorAnsi => _error.Value;

    public static ShellConsole OfProcess()
    {
        var moves = Environment.GetEnvironmentVariable("TERM") is not "dumb";
        var colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && moves;
        return new ShellConsole(
            Console.Out,
            Console.Error,
            colours && !Console.IsOutputRedirected,
            colours && !Console.IsErrorRedirected,
            !Console.IsInputRedirected)
        {
            CanDraw = moves && !Console.IsOutputRedirected && !Console.IsErrorRedirected && !Console.IsInputRedirected,
        };
    }

    /// <summary>A sentence about an error.</summary>
    public void WriteError(string sentence)
    {
        var text = SafeText.Lines(sentence);
        if (ErrorAnsi is { } terminal)
        {
            terminal.Write(new Text("llmos: ", new Style(Color.Red)));
            terminal.Profile.Out.Writer.WriteLine(text);
        }
        else
        {
            Error.WriteLine($"llmos: {text}");
        }
    }

    /// <summary>A line of progress.</summary>
    public void WriteProgress(string line)
    {
        var text = SafeText.Lines(line);
        if (ErrorAnsi is { } terminal)
        {
            terminal.Write(new Text(text + Environment.NewLine, new Style(Color.Grey)));
        }
        else
        {
            Error.WriteLine(text);
        }
    }

    private static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        // The terminal wraps what is longer than its line, so that a command that is copied from it stays whole.
        console.Profile.Width = MaxWidth;
        return console;
    }
}
