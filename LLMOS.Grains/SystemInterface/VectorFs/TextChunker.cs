using System.Text;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Cuts a text where its structure lets it: before headings and after empty lines, as long as the pieces stay near the length
/// aimed at; a paragraph that is longer is cut between lines, a line that is longer between words.
/// </summary>
public static class TextChunker
{
    /// <summary>Characters of a piece that is long enough to end with its paragraph.</summary>
    public const int Enough = 600;

    /// <summary>Characters that no piece exceeds.</summary>
    public const int Most = 1_600;

    /// <summary>The pieces of a text in their order, each with the line that it begins on, from 1. Empty lines are in none.</summary>
    public static IEnumerable<(int Line, string Text)> Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var piece = new StringBuilder();
        var (begin, number) = (1, 0);
        foreach (var line in text.EnumerateLines().ToList())
        {
            number++;
            var isEmpty = string.IsNullOrWhiteSpace(line);
            var isHeading = line.StartsWith('#');
            if (piece.Length > 0 && ((isEmpty && piece.Length >= Enough) || isHeading || piece.Length + line.Length + 1 > Most))
            {
                yield return (begin, Take(piece));
            }

            if (isEmpty && piece.Length == 0)
            {
                continue;
            }

            if (piece.Length == 0)
            {
                begin = number;
            }

            foreach (var part in Parts(line))
            {
                if (piece.Length + part.Length > Most)
                {
                    yield return (begin, Take(piece));
                    begin = number;
                }

                piece.Append(part);
            }

            piece.Append('\n');
        }

        if (piece.Length > 0)
        {
            yield return (begin, Take(piece));
        }
    }

    private static List<string> ToList(this SpanLineEnumerator lines)
    {
        var list = new List<string>();
        foreach (var line in lines)
        {
            list.Add(line.ToString());
        }

        return list;
    }

    private static string Take(StringBuilder piece)
    {
        var text = piece.ToString().TrimEnd();
        piece.Clear();
        return text;
    }

    private static IEnumerable<string> Parts(string line)
    {
        var start = 0;
        while (line.Length - start > Most)
        {
            var space = line.LastIndexOf(' ', start + Most - 1, Most / 2);
            var end = space > start ? space + 1 : start + Most - (char.IsHighSurrogate(line[start + Most - 1]) ? 1 : 0);
            yield return line[start..end];
            start = end;
        }

        yield return line[start..];
    }
}
