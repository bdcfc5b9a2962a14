using System.Numerics.Tensors;
using CsCheck;
using LLMOS.Cognition.Embeddings;

namespace LLMOS.Tests.Cognition;

public sealed class HashingEmbedderTests
{
    private readonly HashingEmbedder _embedder = new();

    [Fact]
    public void A_vector_has_unit_length_or_none_and_is_always_the_same() => Gen.String.Sample(text =>
    {
        var vector = _embedder.Embed(text);
        var norm = TensorPrimitives.Norm<float>(vector);
        Assert.Equal(_embedder.Dimension, vector.Length);
        Assert.True(norm == 0 || MathF.Abs(norm - 1) < 1e-4f, $"length {norm}");
        Assert.Equal(vector, new HashingEmbedder().Embed(text));
    });

    [Theory]
    [InlineData("write a web server in python", "the web server is written in Python", "bake bread with rye flour")]
    [InlineData("machine learning notes", "notes about learning machines", "invoice of the plumber")]
    [InlineData("Größe der Datei", "die DATEI und ihre GRÖSSE, größe", "a completely different thing")]
    public void Texts_with_words_in_common_are_nearer(string text, string near, string far)
    {
        var vector = _embedder.Embed(text);
        var toNear = TensorPrimitives.Dot<float>(vector, _embedder.Embed(near));
        var toFar = TensorPrimitives.Dot<float>(vector, _embedder.Embed(far));
        Assert.True(toNear > toFar + 0.2f, $"near {toNear:0.00}, far {toFar:0.00}");
    }

    [Fact]
    public void Casing_and_punctuation_do_not_count() =>
        Assert.Equal(_embedder.Embed("Hello, World!"), _embedder.Embed("hello world"));

    [Fact]
    public void A_word_without_end_is_embedded_in_pieces() => Assert.Equal(1, TensorPrimitives.Norm<float>(_embedder.Embed(new string('a', 10_000))), 3);

    [Fact]
    public void A_text_without_words_is_the_zero_vector() => Assert.All(_embedder.Embed(" ?! … "), value => Assert.Equal(0, value));
}
