using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Terminal;

/// <summary>
/// The terminal's second screen, without a cursor. The first one is back as it was when this is disposed of, when the program ends in whatever way
/// that leaves it a moment, and while it is stopped by Ctrl-Z.
/// </summary>
internal sealed class AlternateScreen : IDisposable
{
    private const string EnterSequence = "\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J";
    private const string LeaveSequence = "\u001b[0m\u001b[?25h\u001b[?1049l";

    private readonly ShellConsole _console;
    private readonly Interruption _interruption;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _gate = new();
    private List<ScreenLine> _shown = [];
    private (int Width, int Height) _size;
    private TaskCompletionSource _resized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOpen;

    public AlternateScreen(ShellConsole console, Interruption interruption)
    {
        _console = console;
        _interruption = interruption;
        interruption.Leaving = Leave;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        if (!OperatingSystem.IsWindows())
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resized()));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Leave()));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Enter()));
        }

        Enter();
    }

    /// <summary>The cells of a line and the lines of the screen, at least one of each.</summary>
    public static (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>Completes when the screen has another size or has to be drawn anew.</summary>
    public Task NextResize
    {
        get
        {
            lock (_gate)
            {
                return _resized.Task;
            }
        }
    }

    /// <summary>Shows the second screen, empty; nothing where it is shown.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                _isOpen = true;
                _shown = [];
                Write(EnterSequence);
            }
        }

        Resized();
    }

    /// <summary>Shows the first screen again; nothing where it is shown.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                _isOpen = false;
                Write(LeaveSequence);
            }
        }
    }

    /// <summary>Shows lines from the top. Only those that differ from what is there are written.</summary>
    public void Show(IReadOnlyList<ScreenLine> lines, (int Width, int Height) size)
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                return;
            }

            var text = new StringBuilder();
            if (size != _size)
            {
                _size = size;
                _shown = [];
                text.Append("\u001b[0m\u001b[2J");
            }

            for (var i = 0; i < Math.Max(lines.Count, _shown.Count) && i < size.Height; i++)
            {
                var line = i < lines.Count ? lines[i] : new ScreenLine("");
                if (i < _shown.Count ? _shown[i] != line : line.Text.Length > 0)
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\u001b[{i + 1};1H\u001b[0m");
                    Append(text, line, size.Width);
                }
            }

            _shown = [.. lines];
            if (text.Length > 0)
            {
                Write(text.ToString());
            }
        }
    }

    public void Dispose()
    {
        _interruption.Leaving = null;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        Leave();
    }

    private void Append(StringBuilder text, ScreenLine line, int width)
    {
        var colours = _console.OutAnsi is not null;
        var style = line.Style switch
        {
            LineStyle.Selected => "\u001b[7m",
            LineStyle.Head => "\u001b[1m",
            LineStyle.Alert => colours ? "\u001b[1;33m" : "\u001b[1m",
            LineStyle.Active => colours ? "\u001b[32m" : "",
            LineStyle.Stopped => colours ? "\u001b[33m" : "",
            LineStyle.Dim => colours ? "\u001b[90m" : "",
            _ => "",
        };
        text.Append(style).Append(line.Style == LineStyle.Selected ? Cells.Fit(line.Text, width) : line.Text);
        if (line.Style != LineStyle.Selected)
        {
            text.Append("\u001b[0m\u001b[K");
        }
    }

    private void Resized()
    {
        lock (_gate)
        {
            _resized.TrySetResult();
            _resized = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Leave();

    private void Write(string text)
    {
        _console.Out.Write(text);
        _console.Out.Flush();
    }
}
