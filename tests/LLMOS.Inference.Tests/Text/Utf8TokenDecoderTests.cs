using System.Text;
using CsCheck;
using LLMOS.Inference.Models;
using LLMOS.Inference.Text;

namespace LLMOS.Inference.Tests.Text;

public sealed class Utf8TokenDecoderTests
{
    [Fact]
    public void A_character_split_over_tokens_comes_out_whole_with_its_last_byte()
    {
        var decoder = new Utf8TokenDecoder();
        var bytes = Encoding.UTF8.GetBytes("🙂");
        Assert.Equal(["", "", "", "🙂"], bytes.Select(piece => decoder.Next(Piece([piece]))));
        Assert.False(decoder.IsPending);
        Assert.Equal("", decoder.Finish());
    }

    [Fact]
    public void A_character_that_never_ends_becomes_one_replacement()
    {
        var decoder = new Utf8TokenDecoder();
        Assert.Equal("", decoder.Next(Piece([0xF0, 0x9F])));
        Assert.True(decoder.IsPending);
        Assert.Equal("\uFFFD", decoder.Finish());
        Assert.Equal("a", decoder.Next(Piece("a"u8.ToArray())));
    }

    /// <summary>However bytes are cut into tokens, the text is what .NET makes of them at once.</summary>
    [Fact]
    public void Any_bytes_cut_anywhere_give_the_text_of_the_whole() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 40], Gen.String.Select(text => Encoding.UTF8.GetBytes(text))), Gen.Int[1, 5])
            .Sample((bytes, width) =>
            {
                var decoder = new Utf8TokenDecoder();
                var text = new StringBuilder();
                foreach (var piece in bytes.Chunk(width))
                    text.Append(decoder.Next(Piece(piece)));
                text.Append(decoder.Finish());
                Assert.Equal(Encoding.UTF8.GetString(bytes), text.ToString());
            });

    private static TokenPiece Piece(byte[] bytes)
    {
        try
        {
            return new TokenPiece(bytes, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return new TokenPiece(bytes, null);
        }
    }
}
