namespace LLMOS.Shell.Interactive;

/// <summary>A line of the interactive shell, read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A command with its arguments, or the request without its quotes.</param>
internal sealed record ShellLine(ShellLineKind Kind, string Text)
{
    private static readonly (char Open, char Close)[] Quotes = [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('«', '»')];

    /// <summary>Reads a line; the commands are those it may begin with.</summary>
    public static ShellLine Read(string line, IEnumerable<string> commands)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Trim();
        if (text.StartsWith("llmos ", StringComparison.Ordinal))
        {
            text = text["llmos ".Length..].TrimStart();
        }

        if (text.Length == 0 || text[0] == '#')
        {
            return new ShellLine(ShellLineKind.Nothing, "");
        }

        if (text is "exit" or "quit" or "logout")
        {
            return new ShellLine(ShellLineKind.Exit, "");
        }

        foreach (var (open, close) in Quotes)
        {
            if (text.Length > 2 && text[0] == open && text[^1] == close && !text.AsSpan(1, text.Length - 2).Contains(open))
            {
                return new ShellLine(ShellLineKind.Request, text[1..^1]);
            }
        }

        var end = text.IndexOfAny([' ', '\t', '\n']);
        var first = end < 0 ? text : text[..end];
        if (first is "help" or "?")
        {
            var topic = end < 0 ? "" : text[end..].Trim() + " ";
            return new ShellLine(ShellLineKind.Command, topic + "--help");
        }

        return first[0] == '-' || commands.Contains(first)
            ? new ShellLine(ShellLineKind.Command, text)
            : new ShellLine(ShellLineKind.NoCommand, text);
    }
}
