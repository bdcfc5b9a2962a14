using System.Text;

namespace ModelForge.Tokenization;

/// <summary>
/// The tokens that are found in a text before anything is merged: control tokens where they are asked for, and user-defined ones
/// always. As in llama.cpp, the longest (in bytes) is looked for first, in all of the text; the next one in what is left of it.
/// </summary>
/// <remarks>Two of the same length that overlap in a text are the one thing that llama.cpp leaves open; here the lower id goes first.</remarks>
internal sealed class SpecialTokens
{
    private readonly (string Text, int Id, bool Control)[] _tokens;

    public SpecialTokens(IReadOnlyList<VocabularyPiece> pieces) => _tokens =
    [
        .. Enumerable.Range(0, pieces.Count)
            .Where(id => pieces[id].Type is TokenType.Control or TokenType.Unknown or TokenType.UserDefined)
            .OrderByDescending(id => Encoding.UTF8.GetByteCount(pieces[id].Text))
            .Select(id => (pieces[id].Text, id, pieces[id].Type != TokenType.UserDefined)),
    ];

    /// <summary>The parts of <paramref name="text"/>, in order, none of them empty.</summary>
    public List<TextPart> Split(string text, bool parseControl)
    {
        List<TextPart> parts = text.Length == 0 ? [] : [new TextPart(0, text.Length, TextPart.Text)];
        foreach (var (special, id, control) in _tokens)
        {
            if ((parseControl || !control) && text.Contains(special, StringComparison.Ordinal))
                parts = Cut(text, parts, special, id);
        }

        return parts;
    }

    private static List<TextPart> Cut(string text, List<TextPart> parts, string special, int id)
    {
        var cut = new List<TextPart>(parts.Count + 4);
        foreach (var part in parts)
        {
            if (part.Token != TextPart.Text)
            {
                cut.Add(part);
                continue;
            }

            var start = part.Start;
            var end = part.Start + part.Length;
            while (text.AsSpan(start, end - start).IndexOf(special, StringComparison.Ordinal) is var before and >= 0)
            {
                if (before > 0)
                    cut.Add(new TextPart(start, before, TextPart.Text));
                cut.Add(new TextPart(start + before, special.Length, id));
                start += before + special.Length;
            }

            if (start < end)
                cut.Add(new TextPart(start, end - start, TextPart.Text));
        }

        return cut;
    }
}
