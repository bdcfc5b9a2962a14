using ModelForge.Tokenization;

namespace ModelForge.Tests.Tokenization;

public sealed class VocabularyTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_learned_piece_is_what_its_text_becomes()
    {
        var vocabulary = Sample.Vocabulary;
        var encoder = new SpmEncoder(vocabulary);
        var normal = Enumerable.Range(0, vocabulary.Pieces.Count).Where(id => vocabulary.Pieces[id].Type == TokenType.Normal).ToArray();

        Assert.InRange(normal.Length, 150, 900);
        Assert.All(normal, id => Assert.Equal([id], encoder.Encode(vocabulary.Pieces[id].Text, parseControl: false)));
        Assert.Equal(vocabulary.Pieces.Count, vocabulary.Pieces.Select(piece => piece.Text).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_is_learned_are_letters_with_or_without_a_space_before_them()
    {
        var learned = Sample.Vocabulary.Pieces.Where(piece => piece.Type == TokenType.Normal && piece.Score < 0 && piece.Text.Trim('▁').Length > 0).ToArray();

        Assert.Contains(learned, piece => piece.Text == "▁reviewer");
        Assert.Contains(learned, piece => piece.Text == "▁Zürich");
        Assert.Contains(Sample.Vocabulary.Pieces, piece => piece is { Text: "▁▁▁▁▁▁▁▁", Type: TokenType.Normal });
        Assert.All(learned, piece => Assert.Matches(@"^▁?\p{L}+$", piece.Text));
    }

    [Fact]
    public void A_word_often_seen_is_one_token_with_its_space()
    {
        var encoder = new SpmEncoder(Sample.Vocabulary);

        Assert.Equal(3, encoder.Encode("kill the reviewer", parseControl: false).Length);
        Assert.Equal(4 + 2, encoder.Encode("port 4231", parseControl: false).Length);
    }

    [Fact]
    public void The_same_texts_give_the_same_vocabulary_in_whatever_order_the_fixed_pieces_come()
    {
        var one = VocabularyTrainer.Train(Sample.Texts(3, 300), [.. Sample.FixedPieces], 700);
        var other = VocabularyTrainer.Train(Sample.Texts(3, 300), [.. Sample.FixedPieces.Reverse(), "process"], 700);

        Assert.Equal(one.Fingerprint, other.Fingerprint);
        Assert.NotEqual(one.Fingerprint, VocabularyTrainer.Train(Sample.Texts(3, 300), Sample.FixedPieces, 500).Fingerprint);
    }

    [Fact]
    public void A_vocabulary_has_the_size_asked_for_when_the_texts_allow_it()
    {
        Assert.Equal(500, VocabularyTrainer.Train(Sample.Texts(4, 300), Sample.FixedPieces, 500).Pieces.Count);
        Assert.InRange(VocabularyTrainer.Train(["only these words"], [], 5000).Pieces.Count, 360, 380);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<s>")]
    [InlineData("a▁b")]
    public void A_fixed_piece_that_cannot_be_one_is_refused(string piece) =>
        Assert.Throws<BadInputException>(() => VocabularyTrainer.Train([], [piece], 1000));

    [Fact]
    public void A_size_that_is_too_small_is_refused() =>
        Assert.Contains("too small", Assert.Throws<BadInputException>(() => VocabularyTrainer.Train([], [], 300)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_gives_the_vocabulary_back()
    {
        var path = _folder.File("v.txt");
        VocabularyFile.Save(path, Sample.Vocabulary);

        var loaded = VocabularyFile.Load(path);

        Assert.Equal(Sample.Vocabulary.Pieces, loaded.Pieces);
        Assert.Equal(Sample.Vocabulary.Fingerprint, loaded.Fingerprint);
        Assert.Equal((0, 1, 259, 260), (loaded.UnknownId, loaded.BeginningId, loaded.ImStartId, loaded.ImEndId));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_damaged_file_is_one_sentence()
    {
        var path = _folder.File("v.txt");
        VocabularyFile.Save(path, Sample.Vocabulary);
        var lines = File.ReadAllLines(path);
        foreach (var damaged in (string[][])[lines[..^3], [.. lines[..^1], "1 -5"], [.. lines, "1 -5000 \"more\""], ["something else"], []])
        {
            File.WriteAllLines(path, damaged);
            Assert.Contains("is damaged", Assert.Throws<IOException>(() => VocabularyFile.Load(path)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("could not be read", Assert.Throws<IOException>(() => VocabularyFile.Load(_folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("could not be written", Assert.Throws<IOException>(() => VocabularyFile.Save(_folder.File("none/v.txt"), Sample.Vocabulary)).Message, StringComparison.Ordinal);
    }
}
