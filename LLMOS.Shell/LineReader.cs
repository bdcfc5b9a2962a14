using LLMOS.Shell.Interactive.Editing;

namespace LLMOS.Shell;

/// <summary>Reads lines: with an editor where that can be drawn, from standard input where not, with a prompt where that is a terminal.</summary>
internal sealed class LineReader
{
    private readonly ShellContext _context;
    private readonly LineEditor? _editor;
    private readonly Func<string, bool>? _isOpen;
    private Task<string?>? _pending;

    /// <param name="context">Where it reads and writes.</param>
    /// <param name="prompt">What stands before a line.</param>
    /// <param name="history">What was entered before; null for an empty one in memory.</param>
    /// <param name="completer">Knows how lines go on; null for nobody.</param>
    /// <param name="isOpen">Whether a text goes on in the next line; null for never.</param>
    public LineReader(ShellContext context, string prompt, LineHistory? history = null, ILineCompleter? completer = null, Func<string, bool>? isOpen = null)
    {
        _context = context;
        Prompt = prompt;
        _isOpen = isOpen;
        _editor = context.Console.CanDraw
            ? new LineEditor(context.Keys, new TerminalLineDisplay(context.Console.Error, () => Console.WindowWidth), history ?? new LineHistory(null), completer ?? new NoCompleter())
            : null;
    }

    /// <summary>What stands before a line.</summary>
    public string Prompt { get; set; }

    /// <summary>The next line; null at the end of the input.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_editor is not null)
        {
            return await _editor.ReadAsync(Prompt, _isOpen, remembers: true, cancellationToken);
        }

        ShowPrompt(Prompt);
        var line = await ReadLineAsync(cancellationToken);
        if (line is null && _context.Console.InIsTerminal)
        {
            await _context.Console.Error.WriteLineAsync();
        }

        return line;
    }

    /// <summary>Asks a question whose answer is no unless it is yes.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        string? answer;
        if (_editor is not null)
        {
            answer = await _editor.ReadAsync(question + " [y/N] ", null, remembers: false, cancellationToken);
        }
        else
        {
            ShowPrompt(question + " [y/N] ");
            answer = await ReadLineAsync(cancellationToken);
        }

        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>What Ctrl-C does while a line is read: it is given up, and a new one begins.</summary>
    public void Interrupt()
    {
        if (_editor is not null)
        {
            _context.Keys.Post(LineEditor.InterruptKey);
            return;
        }

        _context.Console.Error.WriteLine();
        ShowPrompt(Prompt);
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        // A read that was cancelled goes on, and the next call takes its line.
        _pending ??= Task.Run(Console.In.ReadLine, CancellationToken.None);
        var line = await _pending.WaitAsync(cancellationToken);
        _pending = null;
        return line;
    }

    private void ShowPrompt(string prompt)
    {
        if (_context.Console.InIsTerminal)
        {
            _context.Console.Error.Write(prompt);
            _context.Console.Error.Flush();
        }
    }

    private sealed class NoCompleter : ILineCompleter
    {
        public Task<LineCompletion> CompleteAsync(string text, CancellationToken cancellationToken) => Task.FromResult(new LineCompletion(text.Length, []));
    }
}
