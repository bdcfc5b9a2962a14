namespace ModelForge.Tests;

public sealed class ForgedVocabularyTests
{
    [Theory]
    [InlineData(357)]
    [InlineData(2048)]
    [InlineData(32_000)]
    [InlineData(128_000)]
    public void Every_piece_can_be_merged_from_shorter_ones(int size)
    {
        var pieces = ForgedVocabulary.OfSize(size);
        var texts = pieces.Select(piece => piece.Text).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(size, pieces.Count);
        Assert.Equal(size, texts.Count);
        Assert.All(
            pieces.Where(piece => piece.Type == TokenType.Normal && piece.Text.Length > 1),
            piece => Assert.True(texts.Contains(piece.Text[..^1]) && texts.Contains(piece.Text[^1..]), $"'{piece.Text}' cannot be merged."));
    }

    [Fact]
    public void Specials_stand_where_their_ids_say()
    {
        var pieces = ForgedVocabulary.OfSize(2048);

        Assert.Equal(("<unk>", TokenType.Unknown), (pieces[ForgedVocabulary.UnknownId].Text, pieces[ForgedVocabulary.UnknownId].Type));
        Assert.Equal(("<s>", TokenType.Control), (pieces[ForgedVocabulary.BeginningId].Text, pieces[ForgedVocabulary.BeginningId].Type));
        Assert.Equal(("</s>", TokenType.Control), (pieces[ForgedVocabulary.EndId].Text, pieces[ForgedVocabulary.EndId].Type));
        Assert.Equal("<|im_start|>", pieces[ForgedVocabulary.ImStartId].Text);
        Assert.Equal("<|im_end|>", pieces[ForgedVocabulary.ImEndId].Text);
        Assert.Equal(("<0x00>", "<0xFF>"), (pieces[ForgedVocabulary.FirstByteId].Text, pieces[ForgedVocabulary.FirstByteId + 255].Text));
        Assert.Equal(256, pieces.Count(piece => piece.Type == TokenType.Byte));
        Assert.Contains(pieces, piece => piece is { Text: "▁process", Type: TokenType.Normal, Prior: 0 });
    }

    [Fact]
    public void A_smaller_vocabulary_begins_a_larger_one()
    {
        var small = ForgedVocabulary.OfSize(2048).Select(piece => piece.Text);

        Assert.Equal(small, ForgedVocabulary.OfSize(32_000).Take(2048).Select(piece => piece.Text));
    }

    [Fact]
    public void Later_pieces_merge_later()
    {
        var scores = ForgedVocabulary.OfSize(2048).Where(piece => piece.Type == TokenType.Normal).Select(piece => piece.Score).ToArray();

        Assert.Equal(scores.OrderDescending(), scores);
    }
}
