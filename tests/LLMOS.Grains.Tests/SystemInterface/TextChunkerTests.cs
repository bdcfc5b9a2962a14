using CsCheck;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Tests.SystemInterface;

public sealed class TextChunkerTests
{
    private static readonly string[] Parts =
        ["word", "# Heading", "", " ", "a longer line of several words, which goes on", new string('x', 1_000), new string('y', 4_000), "😀😀😀", "\r"];

    private static readonly string[] Between = ["\n", " ", "\r\n"];

    private static readonly Gen<string> Texts = Gen.Select(
        Gen.Int[0, Parts.Length - 1].Array[0, 60], Gen.Int[0, Between.Length - 1], (parts, between) => string.Join(Between[between], parts.Select(part => Parts[part])));

    [Fact]
    public void Nothing_is_lost_no_piece_is_too_long_and_each_knows_its_line() => Texts.Sample(text =>
    {
        var pieces = TextChunker.Cut(text).ToList();
        Assert.All(pieces, piece => Assert.InRange(piece.Text.Length, 1, TextChunker.Most));
        Assert.Equal(Visible(text), Visible(string.Concat(pieces.Select(piece => piece.Text))));
        Assert.All(pieces, piece => Assert.Contains(Visible(Lines(piece.Text)[0]), Visible(Lines(text)[piece.Line - 1]), StringComparison.Ordinal));
        Assert.Equal(pieces.Select(piece => piece.Line).Order(), pieces.Select(piece => piece.Line));
        Assert.DoesNotContain(pieces, piece => char.IsLowSurrogate(piece.Text[0]));
    });

    [Fact]
    public void Headings_begin_pieces_and_paragraphs_end_them()
    {
        var paragraph = new string('p', TextChunker.Enough);
        var pieces = TextChunker.Cut($"# One\n\nshort\n\n# Two\n\n{paragraph}\n\nthe rest").ToList();
        Assert.Equal([1, 5, 9], pieces.Select(piece => piece.Line));
        Assert.Equal("the rest", pieces[2].Text);
    }

    private static string Visible(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
            lines.Add(line.ToString());
        return [.. lines];
    }
}
