using System.Globalization;
using Spectre.Console;

namespace LLMOS.Shell.Output;

/// <summary>Shows a transcript: a header when the speaker changes, the words below it.</summary>
internal sealed class TranscriptView(ShellConsole console)
{
    private static readonly Color[] Colours = [Color.Aqua, Color.Yellow, Color.Fuchsia, Color.Lime, Color.Blue, Color.Orange1];

    private readonly Dictionary<long, Color> _colours = [];
    private long? _speaker;
    private bool _atLineStart = true;

    public void Show(TranscriptSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (segment.IsNote)
        {
            EndLine();
            WriteDim(string.Create(CultureInfo.InvariantCulture, $"[{segment.Role} (PID {segment.Pid}): {SafeText.Line(segment.Text)}]"));
            _speaker = null;
            return;
        }

        if (_speaker != segment.Pid)
        {
            EndLine();
            WriteHeader(segment);
            _speaker = segment.Pid;
        }

        var text = SafeText.Lines(segment.Text);
        if (text.Length > 0)
        {
            console.Out.Write(text);
            console.Out.Flush();
            _atLineStart = text[^1] == '\n';
        }
    }

    /// <summary>Ends the line that is being written, if one is.</summary>
    public void EndLine()
    {
        if (!_atLineStart)
        {
            console.Out.WriteLine();
            _atLineStart = true;
        }
    }

    private void WriteHeader(TranscriptSegment segment)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"── {segment.Role} (PID {segment.Pid}) ──");
        if (console.OutAnsi is { } terminal)
        {
            if (!_colours.TryGetValue(segment.Pid, out var colour))
            {
                _colours.Add(segment.Pid, colour = Colours[_colours.Count % Colours.Length]);
            }

            terminal.Write(new Text(Environment.NewLine + header + Environment.NewLine, new Style(colour, decoration: Decoration.Bold)));
        }
        else
        {
            console.Out.WriteLine();
            console.Out.WriteLine(header);
        }
    }

    private void WriteDim(string line)
    {
        if (console.OutAnsi is { } terminal)
        {
            terminal.Write(new Text(line + Environment.NewLine, new Style(Color.Grey)));
        }
        else
        {
            console.Out.WriteLine(line);
        }
    }
}
