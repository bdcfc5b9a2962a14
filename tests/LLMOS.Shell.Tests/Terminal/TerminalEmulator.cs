using System.Globalization;
using System.Text;

namespace LLMOS.Shell.Tests.Terminal;

/// <summary>What a terminal shows of what is written to it: as much of xterm as the shell uses. Every character takes one cell.</summary>
internal sealed class TerminalEmulator
{
    private readonly StringBuilder _raw = new();
    private readonly StringBuilder _sequence = new();
    private char[][] _cells;
    private char[][]? _first;
    private (int Row, int Column) _saved;
    private int _row;
    private int _column;
    private int _columns;
    private int _rows;

    public TerminalEmulator(int columns, int rows)
    {
        (_columns, _rows) = (columns, rows);
        _cells = Blank();
    }

    public bool IsAlternate => _first is not null;

    public bool ShowsCursor { get; private set; } = true;

    public string Raw => _raw.ToString();

    public void Resize(int columns, int rows)
    {
        var old = _cells;
        (_columns, _rows) = (columns, rows);
        _cells = Blank();
        for (var i = 0; i < Math.Min(rows, old.Length); i++)
        {
            Array.Copy(old[i], _cells[i], Math.Min(columns, old[i].Length));
        }

        _row = Math.Min(_row, rows - 1);
        _column = Math.Min(_column, columns);
    }

    public void Write(ReadOnlySpan<char> text)
    {
        _raw.Append(text);
        foreach (var c in text)
        {
            if (_sequence.Length > 0)
            {
                Continue(c);
            }
            else
            {
                Put(c);
            }
        }
    }

    public override string ToString() => string.Join('\n', _cells.Select(row => new string(row).TrimEnd()));

    private void Put(char c)
    {
        switch (c)
        {
            case '\u001b':
                _sequence.Append(c);
                break;
            case '\r':
                _column = 0;
                break;
            case '\n':
                LineFeed();
                break;
            case '\b':
                _column = Math.Max(0, Math.Min(_column, _columns - 1) - 1);
                break;
            case < ' ':
                break;
            default:
                if (_column >= _columns)
                {
                    _column = 0;
                    LineFeed();
                }

                _cells[_row][_column++] = c;
                break;
        }
    }

    private void LineFeed()
    {
        if (_row < _rows - 1)
        {
            _row++;
            return;
        }

        _cells = [.. _cells.Skip(1), Enumerable.Repeat(' ', _columns).ToArray()];
    }

    private void Continue(char c)
    {
        _sequence.Append(c);
        if (_sequence.Length == 2)
        {
            if (c is not '[' and not ']')
            {
                // A sequence of two characters, such as that of the keypad.
                _sequence.Clear();
            }

            return;
        }

        var isString = _sequence[1] == ']';
        if (isString ? c == '\a' : c is >= '@' and <= '~')
        {
            var sequence = _sequence.ToString();
            _sequence.Clear();
            if (!isString)
            {
                Obey(sequence[2..^1], c);
            }
        }
    }

    private void Obey(string parameters, char command)
    {
        var first = Number(parameters.Split(';')[0]);
        switch (command)
        {
            case 'A':
                _row = Math.Max(0, _row - Math.Max(1, first));
                break;
            case 'B':
                _row = Math.Min(_rows - 1, _row + Math.Max(1, first));
                break;
            case 'C':
                _column = Math.Min(_columns - 1, _column + Math.Max(1, first));
                break;
            case 'D':
                _column = Math.Max(0, _column - Math.Max(1, first));
                break;
            case 'H':
                _row = Math.Clamp(Math.Max(1, first) - 1, 0, _rows - 1);
                _column = Math.Clamp(Math.Max(1, Number(parameters.Split(';').ElementAtOrDefault(1) ?? "")) - 1, 0, _columns - 1);
                break;
            case 'J':
                Erase(first);
                break;
            case 'K':
                Array.Fill(_cells[_row], ' ', Math.Min(_column, _columns), Math.Max(0, _columns - _column));
                break;
            case 'h' or 'l' when parameters.StartsWith('?'):
                Switch(parameters, command == 'h');
                break;
        }
    }

    private void Erase(int what)
    {
        if (what == 2)
        {
            _cells = Blank();
            return;
        }

        Array.Fill(_cells[_row], ' ', Math.Min(_column, _columns), Math.Max(0, _columns - _column));
        for (var i = _row + 1; i < _rows; i++)
        {
            Array.Fill(_cells[i], ' ');
        }
    }

    private void Switch(string parameters, bool on)
    {
        switch (parameters)
        {
            case "?1049" when on && _first is null:
                (_first, _saved) = (_cells, (_row, _column));
                _cells = Blank();
                break;
            case "?1049" when !on && _first is not null:
                (_cells, (_row, _column)) = (_first, _saved);
                _first = null;
                Resize(_columns, _rows);
                break;
            case "?25":
                ShowsCursor = on;
                break;
        }
    }

    private char[][] Blank() => [.. Enumerable.Range(0, _rows).Select(_ => Enumerable.Repeat(' ', _columns).ToArray())];

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
