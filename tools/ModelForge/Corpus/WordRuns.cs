using System.Text;

namespace ModelForge.Corpus;

/// <summary>What tells whether two phrasings share wording: their words, and runs of them.</summary>
internal static class WordRuns
{
    /// <summary>Words in a row that no trained phrasing may share with one of an exam.</summary>
    public const int Length = 4;

    /// <summary>Stands among words for what is not the phrasing's: no run goes over it.</summary>
    public const string Break = "";

    /// <summary>The words of a text, without casing and punctuation.</summary>
    /// <param name="text">The text.</param>
    /// <param name="marks">Characters in whose places values stand; each is a <see cref="Break"/>.</param>
    public static IEnumerable<string> Words(string text, string marks = "")
    {
        var word = new StringBuilder();
        foreach (var character in text.ToLowerInvariant() + " ")
        {
            if (char.IsLetterOrDigit(character) || character == '\'')
            {
                word.Append(character);
                continue;
            }

            if (word.Length > 0)
                yield return word.ToString();
            word.Clear();
            if (marks.Contains(character, StringComparison.Ordinal))
                yield return Break;
        }
    }

    /// <summary>Runs of <see cref="Length"/> words.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string> words)
    {
        for (var i = 0; i + Length <= words.Count; i++)
        {
            var run = words.Skip(i).Take(Length).ToArray();
            if (!run.Contains(Break))
                yield return string.Join(' ', run);
        }
    }
}
