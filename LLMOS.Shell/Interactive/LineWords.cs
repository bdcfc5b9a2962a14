using System.Text;

namespace LLMOS.Shell.Interactive;

/// <summary>Splits a line of the interactive shell into words, as a POSIX shell would: quotes of both kinds, and backslashes.</summary>
internal static class LineWords
{
    /// <exception cref="UsageException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var scan = Scan(line);
        return scan.OpenQuote == '\0' ? scan.Words : throw new UsageException($"A quote ({scan.OpenQuote}) is not closed: end the text with another one.");
    }

    /// <summary>Reads a line that may not be finished.</summary>
    public static LineScan Scan(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        var start = line.Length;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (!inWord && !char.IsWhiteSpace(c))
            {
                start = i;
            }

            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (c == '\\' && quote == '"' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                {
                    word.Append(line[++i]);
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '"' || (c is '\'' && !inWord))
            {
                // Within a word a single quote is an apostrophe: people type don't.
                quote = c;
                inWord = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    inWord = false;
                    start = line.Length;
                }
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return new LineScan(words, start, quote);
    }
}
