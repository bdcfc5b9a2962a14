using ModelForge.Tokenization;

namespace ModelForge.Tests.Tokenization;

/// <summary>The encoder against llama.cpp's tokenizer with the same vocabulary.</summary>
public sealed class SpmEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Texts_become_the_tokens_that_llama_cpp_makes_of_them(bool parseControl)
    {
        using var model = Sample.Load(_folder, Sample.Vocabulary);
        var encoder = new SpmEncoder(Sample.Vocabulary);

        foreach (var text in Sample.Texts(7, 1000).Concat(Sample.OddTexts(8, 3000)))
            Assert.Equal((text, string.Join(' ', model.Tokenize(text, addSpecial: false, parseControl))), (text, string.Join(' ', encoder.Encode(text, parseControl))));
    }

    [Fact]
    public void A_vocabulary_that_was_not_learned_is_read_the_same_way()
    {
        var forged = new Vocabulary(ForgedVocabulary.OfSize(2048), ForgedVocabulary.UnknownId, ForgedVocabulary.BeginningId, ForgedVocabulary.ImStartId, ForgedVocabulary.ImEndId);
        using var model = Sample.Load(_folder, forged);
        var encoder = new SpmEncoder(forged);

        foreach (var text in Sample.Texts(9, 200).Concat(Sample.OddTexts(10, 500)))
            Assert.Equal((text, string.Join(' ', model.Tokenize(text, addSpecial: false))), (text, string.Join(' ', encoder.Encode(text, parseControl: true))));
    }

    [Fact]
    public void A_long_text_without_a_boundary_is_read_the_same_way()
    {
        using var model = Sample.Load(_folder, Sample.Vocabulary);
        var encoder = new SpmEncoder(Sample.Vocabulary);
        foreach (var text in (string[])[string.Concat(Enumerable.Repeat("rememberspawn", 2000)), new string(' ', 5001), string.Concat(Enumerable.Repeat("🙂", 3000))])
            Assert.Equal(model.Tokenize(text, addSpecial: false, parseSpecial: false), encoder.Encode(text, parseControl: false));
    }

    [Fact]
    public void Texts_come_back_from_their_tokens_as_llama_cpp_gives_them()
    {
        using var model = Sample.Load(_folder, Sample.Vocabulary);
        var encoder = new SpmEncoder(Sample.Vocabulary);

        foreach (var text in Sample.Texts(11, 300))
            Assert.Equal(text, encoder.Decode(encoder.Encode(text, parseControl: false)));
        foreach (var text in Sample.OddTexts(12, 500))
        {
            var tokens = encoder.Encode(text, parseControl: true);
            Assert.Equal(model.Detokenize(tokens), encoder.Decode(tokens));
        }
    }

    [Fact]
    public void A_fixed_piece_is_one_token_wherever_it_stands()
    {
        var encoder = new SpmEncoder(Sample.Vocabulary);
        foreach (var piece in Sample.FixedPieces)
        {
            var id = Assert.Single(encoder.Encode(piece, parseControl: false));
            Assert.Contains(id, encoder.Encode($"x{piece}7", parseControl: false));
        }
    }

    [Fact]
    public async Task Threads_share_an_encoder()
    {
        var encoder = new SpmEncoder(Sample.Vocabulary);
        var texts = Sample.Texts(13, 400).ToArray();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => texts.Select(text => encoder.Encode(text, false)).ToArray())));

        var alone = new SpmEncoder(Sample.Vocabulary);
        Assert.All(tokens, each => Assert.Equal(texts.Select(text => alone.Encode(text, false)), each));
    }
}
