using System.Text;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>
/// Cuts source text between its blocks, whatever its language: after empty lines, where the next one is indented least. A piece ends with its block where it is
/// long enough, and before it is too long at the shallowest place that its second half has.
/// </summary>
public static class SourceChunker
{
    private const int TabWidth = 4;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".c", ".cc", ".cpp", ".cs", ".css", ".fs", ".go", ".h", ".hpp", ".java", ".js", ".jsx", ".kt", ".lua", ".m", ".php", ".pl", ".ps1", ".py", ".r", ".rb", ".rs", ".scala", ".sh", ".sql",
        ".swift", ".ts", ".tsx", ".vb",
    };

    /// <summary>Whether a file is of source text, by the end of its name.</summary>
    public static bool IsSource(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.LastIndexOf('.') is var dot and > 0 && Extensions.Contains(path[dot..]);
    }

    /// <summary>The pieces of a text in their order, each with the line that it begins on, from 1. Some may be empty.</summary>
    public static IEnumerable<(int Line, string Text)> Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Pieces(text);
    }

    private static IEnumerable<(int Line, string Text)> Pieces(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var (begin, length) = (0, 0);
        for (var line = 0; line < lines.Length; line++)
        {
            var isBlock = line > begin && string.IsNullOrWhiteSpace(lines[line - 1]) && IndentOf(lines[line]) == 0;
            if (length >= TextChunker.Enough && isBlock)
            {
                yield return Piece(lines, begin, line);
                (begin, length) = (line, 0);
            }

            while (line > begin && length + lines[line].Length + 1 > TextChunker.Most)
            {
                var cut = ShallowestIn(lines, begin + ((line - begin) / 2) + 1, line);
                yield return Piece(lines, begin, cut);
                (begin, length) = (cut, lines[cut..line].Sum(cutLine => cutLine.Length + 1));
            }

            if (lines[line].Length > TextChunker.Most)
            {
                // One line of generated text, or of none that is written by lines.
                foreach (var (_, part) in TextChunker.Cut(lines[line]))
                {
                    yield return (line + 1, part);
                }

                (begin, length) = (line + 1, 0);
                continue;
            }

            length += lines[line].Length + 1;
        }

        if (begin < lines.Length)
        {
            yield return Piece(lines, begin, lines.Length);
        }
    }

    private static (int Line, string Text) Piece(string[] lines, int begin, int end)
    {
        while (begin < end - 1 && string.IsNullOrWhiteSpace(lines[begin]))
        {
            begin++;
        }

        return (begin + 1, new StringBuilder().AppendJoin('\n', lines[begin..end]).ToString().TrimEnd());
    }

    /// <summary>Where a block is most likely to begin: after an empty line if there is one, and indented least; of several the last.</summary>
    private static int ShallowestIn(string[] lines, int first, int end) => Enumerable.Range(first, end - first + 1)
        .Where(line => !string.IsNullOrWhiteSpace(lines[line]))
        .DefaultIfEmpty(end)
        .OrderBy(line => string.IsNullOrWhiteSpace(lines[line - 1]) ? 0 : 1)
        .ThenBy(line => IndentOf(lines[line]))
        .ThenByDescending(line => line)
        .First();

    private static int IndentOf(string line)
    {
        var indent = 0;
        foreach (var character in line)
        {
            switch (character)
            {
                case ' ':
                    indent++;
                    break;
                case '\t':
                    indent += TabWidth;
                    break;
                case '}' or ')' or ']':
                    // What closes a block belongs to it.
                    return int.MaxValue;
                default:
                    return indent;
            }
        }

        return int.MaxValue;
    }
}
