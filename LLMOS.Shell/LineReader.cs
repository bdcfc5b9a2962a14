using LLMOS.Shell.Output;

namespace LLMOS.Shell;

/// <summary>Reads lines from standard input, with a prompt where that is a terminal.</summary>
internal sealed class LineReader(ShellConsole console, string prompt)
{
    private Task<string?>? _pending;

    /// <summary>The next line; null at the end of the input.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        ShowPrompt();
        // A read that was cancelled goes on, and the next call takes its line.
        _pending ??= Task.Run(Console.In.ReadLine, CancellationToken.None);
        var line = await _pending.WaitAsync(cancellationToken);
        _pending = null;
        if (line is null && console.InIsTerminal)
        {
            await console.Error.WriteLineAsync();
        }

        return line;
    }

    /// <summary>The line that answers a question; null at the end of the input.</summary>
    public async Task<string?> ReadAnswerAsync()
    {
        _pending ??= Task.Run(Console.In.ReadLine, CancellationToken.None);
        var line = await _pending;
        _pending = null;
        return line;
    }

    /// <summary>Writes the prompt again, on a line of its own.</summary>
    public void ShowPrompt()
    {
        if (console.InIsTerminal)
        {
            console.Error.Write(prompt);
            console.Error.Flush();
        }
    }
}
