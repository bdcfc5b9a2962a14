using System.Threading.Channels;
using LLMOS.Shell.Terminal;

namespace LLMOS.Shell.Interactive.Editing;

/// <summary>
/// Reads lines from keys: editing as in other shells (Emacs keys), history with search, completion, and lines of several lines. A line that is not
/// finished, with an open quote or a backslash at its end, goes on when Enter is pressed; Alt-Enter breaks it anywhere.
/// </summary>
internal sealed class LineEditor(IKeySource keys, ILineDisplay display, LineHistory history, ILineCompleter completer)
{
    /// <summary>The key that stands for an interrupt.</summary>
    public static readonly ConsoleKeyInfo InterruptKey = new('\u0003', ConsoleKey.C, shift: false, alt: false, control: true);

    private readonly LineBuffer _buffer = new();
    private string _draft = "";
    private int _at;
    private bool _hasTabbed;

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="isOpen">Whether a text goes on in the next line.</param>
    /// <param name="remembers">Whether it is kept in the history.</param>
    /// <param name="cancellationToken">Stops reading; what was written is lost.</param>
    /// <returns>The line; null where the input ends, by Ctrl-D on an empty line.</returns>
    public async Task<string?> ReadAsync(string prompt, Func<string, bool>? isOpen, bool remembers, CancellationToken cancellationToken)
    {
        _buffer.Set("");
        _at = history.Entries.Count;
        display.Begin();
        while (true)
        {
            display.Show(prompt, _buffer.Text, _buffer.Cursor);
            ConsoleKeyInfo key;
            try
            {
                key = await keys.ReadAsync(cancellationToken);
                if (IsControl(key, ConsoleKey.R))
                {
                    key = await SearchAsync(cancellationToken);
                }
            }
            catch (ChannelClosedException)
            {
                // The terminal is gone.
                return null;
            }

            var hadTabbed = _hasTabbed;
            _hasTabbed = false;
            switch (key)
            {
                case { Key: ConsoleKey.Enter, Modifiers: ConsoleModifiers.Alt }:
                    _buffer.Insert("\n");
                    break;
                case { Key: ConsoleKey.Enter } or { KeyChar: '\n' or '\r' }:
                    if (GoesOn(isOpen))
                    {
                        break;
                    }

                    Finish(prompt);
                    if (remembers)
                    {
                        history.Add(_buffer.Text);
                    }

                    return _buffer.Text;
                case var _ when IsControl(key, ConsoleKey.C):
                    _buffer.Set(_buffer.Text + "^C");
                    Finish(prompt);
                    _buffer.Set("");
                    _at = history.Entries.Count;
                    break;
                case var _ when IsControl(key, ConsoleKey.D) && _buffer.Text.Length == 0:
                    display.Leave();
                    return null;
                case { Key: ConsoleKey.Tab }:
                    await CompleteAsync(hadTabbed, cancellationToken);
                    break;
                default:
                    Edit(key);
                    break;
            }
        }
    }

    private void Finish(string prompt)
    {
        display.Show(prompt, _buffer.Text, _buffer.Text.Length);
        display.Leave();
    }

    private bool GoesOn(Func<string, bool>? isOpen)
    {
        if (isOpen is null)
        {
            return false;
        }

        if (_buffer.Text.EndsWith('\\') && _buffer.Cursor == _buffer.Text.Length)
        {
            _buffer.Replace(_buffer.Cursor - 1, "\n");
            return true;
        }

        if (!isOpen(_buffer.Text))
        {
            return false;
        }

        _buffer.Insert("\n");
        return true;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        var isWord = key.Modifiers.HasFlag(ConsoleModifiers.Control) || key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key)
        {
            case { Key: ConsoleKey.LeftArrow } when isWord:
            case { Key: ConsoleKey.B, Modifiers: ConsoleModifiers.Alt }:
                _buffer.WordLeft();
                break;
            case { Key: ConsoleKey.RightArrow } when isWord:
            case { Key: ConsoleKey.F, Modifiers: ConsoleModifiers.Alt }:
                _buffer.WordRight();
                break;
            case { Key: ConsoleKey.LeftArrow }:
            case var _ when IsControl(key, ConsoleKey.B):
                _buffer.Left();
                break;
            case { Key: ConsoleKey.RightArrow }:
            case var _ when IsControl(key, ConsoleKey.F):
                _buffer.Right();
                break;
            case { Key: ConsoleKey.Home }:
            case var _ when IsControl(key, ConsoleKey.A):
                _buffer.Home();
                break;
            case { Key: ConsoleKey.End }:
            case var _ when IsControl(key, ConsoleKey.E):
                _buffer.End();
                break;
            case { Key: ConsoleKey.UpArrow }:
            case var _ when IsControl(key, ConsoleKey.P):
                _ = _buffer.Up() || Recall(-1);
                break;
            case { Key: ConsoleKey.DownArrow }:
            case var _ when IsControl(key, ConsoleKey.N):
                _ = _buffer.Down() || Recall(1);
                break;
            case { Key: ConsoleKey.Backspace } when isWord:
            case var _ when IsControl(key, ConsoleKey.W):
                _buffer.DeleteWordLeft();
                break;
            case { Key: ConsoleKey.Backspace }:
            case { KeyChar: '\u007f' or '\b' }:
                _buffer.DeleteLeft();
                break;
            case { Key: ConsoleKey.Delete }:
            case var _ when IsControl(key, ConsoleKey.D):
                _buffer.DeleteRight();
                break;
            case var _ when IsControl(key, ConsoleKey.U):
                _buffer.DeleteToStart();
                break;
            case var _ when IsControl(key, ConsoleKey.K):
                _buffer.DeleteToEnd();
                break;
            case var _ when IsControl(key, ConsoleKey.L):
                display.Clear();
                break;
            case { KeyChar: >= ' ' } when !key.Modifiers.HasFlag(ConsoleModifiers.Alt):
                _buffer.Insert(key.KeyChar.ToString());
                break;
        }
    }

    /// <summary>Goes to the entry before or after the one that is shown; the line that was being written is the last of them.</summary>
    private bool Recall(int by)
    {
        var next = _at + by;
        if (next < 0 || next > history.Entries.Count)
        {
            return false;
        }

        if (_at == history.Entries.Count)
        {
            _draft = _buffer.Text;
        }

        _at = next;
        _buffer.Set(_at == history.Entries.Count ? _draft : history.Entries[_at]);
        return true;
    }

    /// <summary>Looks through the history while a text is typed: Ctrl-R finds the one before.</summary>
    /// <returns>The key that ended it, which is then done to the line that was found.</returns>
    private async Task<ConsoleKeyInfo> SearchAsync(CancellationToken cancellationToken)
    {
        var (before, cursor) = (_buffer.Text, _buffer.Cursor);
        var text = "";
        var found = history.Entries.Count;
        var isThere = true;
        while (true)
        {
            var line = found < history.Entries.Count ? history.Entries[found] : before;
            var at = line.IndexOf(text, StringComparison.OrdinalIgnoreCase);
            display.Show($"({(isThere ? "" : "no ")}search '{text}'): ", line, Math.Max(0, at));
            var key = await keys.ReadAsync(cancellationToken);
            int next;
            if (IsControl(key, ConsoleKey.R))
            {
                next = history.Find(text, found);
            }
            else if (key.Key == ConsoleKey.Backspace || key.KeyChar is '\u007f' or '\b')
            {
                text = text.Length > 0 ? text[..^1] : "";
                next = history.Find(text, history.Entries.Count);
            }
            else if (key.KeyChar >= ' ' && !key.Modifiers.HasFlag(ConsoleModifiers.Alt) && !key.Modifiers.HasFlag(ConsoleModifiers.Control))
            {
                text += key.KeyChar;
                next = history.Find(text, Math.Min(found + 1, history.Entries.Count));
            }
            else if (key.Key == ConsoleKey.Escape || IsControl(key, ConsoleKey.G))
            {
                _buffer.Set(before, cursor);
                return default;
            }
            else if (IsControl(key, ConsoleKey.C))
            {
                _buffer.Set("");
                return key;
            }
            else
            {
                _buffer.Set(line);
                _at = Math.Min(found, history.Entries.Count);
                return key;
            }

            isThere = next >= 0;
            found = isThere ? next : found;
        }
    }

    private async Task CompleteAsync(bool lists, CancellationToken cancellationToken)
    {
        var completion = await completer.CompleteAsync(_buffer.Text[.._buffer.Cursor], cancellationToken);
        var word = _buffer.Text[completion.Start.._buffer.Cursor];
        switch (completion.Candidates)
        {
            case []:
                break;
            case [var only]:
                _buffer.Replace(completion.Start, only + (only.EndsWith('/') || only.EndsWith('=') ? "" : " "));
                break;
            case var several when completion.Common.Length > word.Length:
                _buffer.Replace(completion.Start, completion.Common);
                _hasTabbed = several.Count > 0;
                break;
            case var several when lists:
                display.List(several);
                break;
            default:
                _hasTabbed = true;
                break;
        }
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) =>
        (key.Key == letter && key.Modifiers.HasFlag(ConsoleModifiers.Control)) || (key.KeyChar != 0 && key.KeyChar == (char)(letter - ConsoleKey.A + 1) && key.Key != ConsoleKey.Tab && key.Key != ConsoleKey.Enter && key.Key != ConsoleKey.Backspace);
}
