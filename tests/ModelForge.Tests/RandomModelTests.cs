using System.Security.Cryptography;
using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

public sealed class RandomModelTests : IDisposable
{
    private static readonly ModelShape Small = new(Width: 64, Layers: 2, Heads: 4, KvHeads: 2, FeedForward: 96, Vocabulary: 700, ContextLength: 256);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_committed_model_is_what_its_card_says_it_is()
    {
        var card = File.ReadAllText(Path.Combine(Repository.Root, "models", "random-tiny.md"));
        const string Command = "dotnet run -c Release --project tools/ModelForge -- ";
        var line = card.Split('\n').Single(text => text.StartsWith(Command, StringComparison.Ordinal));
        var arguments = line[Command.Length..].TrimEnd().Split(' ');
        Assert.Equal("models/random-tiny.gguf", arguments[^1]);
        arguments[^1] = _folder.File("again.gguf");

        using var output = new StringWriter();
        Assert.Equal(0, await ForgeCommandLine.RunAsync(arguments, output, output));

        var committed = File.ReadAllBytes(Path.Combine(Repository.Root, "models", "random-tiny.gguf"));
        Assert.True(committed.AsSpan().SequenceEqual(File.ReadAllBytes(arguments[^1])), "The committed model is not the one that its command makes.");
        Assert.Equal(committed, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf")));
        Assert.InRange(committed.Length, 1_000_000, 3_000_000);
        var summary = GgufFile.ReadModel(arguments[^1]).Summary;
        Assert.Equal(("random-tiny", "Q8_0", 8192L), (summary.Name, summary.Quantization, summary.ContextLength));
    }

    // Written down once, on Linux x64: any machine, any number of cores and any vector width must come to the same.
    [Theory]
    [InlineData(GgmlType.F32, false, "81f8aee86d58658a")]
    [InlineData(GgmlType.F16, false, "4b42f8bcc649a751")]
    [InlineData(GgmlType.Q8_0, false, "8eb40f76d0d2ede2")]
    [InlineData(GgmlType.Q4_0, false, "914882f42f968e20")]
    [InlineData(GgmlType.Q8_0, true, "f1c42209369f02da")]
    public void The_bytes_are_the_same_everywhere(GgmlType type, bool multibyte, string hash) =>
        Assert.Equal(hash, Hash(Written(Small, type, 42, multibyte)));

    [Fact]
    public void A_seed_and_a_shape_make_the_weights()
    {
        var first = Hash(Written(Small, GgmlType.Q8_0, 1, false));

        Assert.Equal(first, Hash(Written(Small, GgmlType.Q8_0, 1, false)));
        Assert.NotEqual(first, Hash(Written(Small, GgmlType.Q8_0, 2, false)));
        Assert.NotEqual(first, Hash(Written(Small with { Layers = 1 }, GgmlType.Q8_0, 1, false)));
    }

    [Fact]
    public void Types_round_the_same_weights()
    {
        var exact = Tensor(Written(Small, GgmlType.F32, 5, false), "blk.1.ffn_up.weight", 64 * 96 * 4);
        var rounded = Tensor(Written(Small, GgmlType.F16, 5, false), "blk.1.ffn_up.weight", 64 * 96 * 2);
        double sum = 0, squares = 0;
        for (var i = 0; i < 64 * 96; i++)
        {
            var value = BitConverter.ToSingle(exact, i * 4);
            Assert.Equal((Half)value, BitConverter.ToHalf(rounded, i * 2));
            sum += value;
            squares += (double)value * value;
        }

        // Mean 0 and deviation 1/√64, within five standard errors.
        Assert.InRange(sum / (64 * 96), -0.008, 0.008);
        Assert.InRange(Math.Sqrt(squares / (64 * 96)), 0.125 * 0.955, 0.125 * 1.045);
    }

    [Fact]
    public void The_size_is_that_of_the_shape()
    {
        var path = Written(ModelShape.M125 with { Layers = 1 }, GgmlType.Q4_0, 1, false);
        var summary = GgufFile.ReadModel(path).Summary;

        Assert.Equal((ModelShape.M125 with { Layers = 1 }).ParameterCount, summary.ParameterCount);
        Assert.Equal(32_000, summary.VocabularySize);
        Assert.Equal(124_668_672, ModelShape.M125.ParameterCount);
    }

    [Fact]
    public void A_cancelled_writing_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => RandomModel.Write(_folder.File("m.gguf"), Small, GgmlType.F32, cancellationToken: cancelled.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(0, 2, 4, 2, 96, 700, 256, "dim must be from 8")]
    [InlineData(64, 0, 4, 2, 96, 700, 256, "layers must be from 1 to 512, not 0.")]
    [InlineData(64, 513, 4, 2, 96, 700, 256, "layers must be from 1 to 512, not 513.")]
    [InlineData(64, 2, -4, 2, 96, 700, 256, "heads must be from 1 to 64, not -4.")]
    [InlineData(64, 2, 5, 5, 96, 700, 256, "5 heads do not divide dim 64")]
    [InlineData(64, 2, 64, 1, 96, 700, 256, "heads of 1")]
    [InlineData(64, 2, 4, 3, 96, 700, 256, "3 kv heads do not divide 4 heads")]
    [InlineData(64, 2, 4, 8, 96, 700, 256, "kv-heads must be from 1 to 4")]
    [InlineData(48, 2, 4, 2, 96, 700, 256, "dim must be a multiple of 32, not 48")]
    [InlineData(64, 2, 4, 2, 100, 700, 256, "ff must be a multiple of 32, not 100")]
    [InlineData(64, 2, 4, 2, 96, 356, 256, "vocab must be from 357")]
    [InlineData(64, 2, 4, 2, 96, 700, 0, "context must be from 1")]
    public void A_shape_that_cannot_be_is_refused_in_a_sentence(int width, int layers, int heads, int kvHeads, int feedForward, int vocabulary, int context, string says)
    {
        var refusal = Assert.Throws<InvalidModelShapeException>(
            () => new ModelShape(width, layers, heads, kvHeads, feedForward, vocabulary, context).Validate(GgmlType.Q8_0));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_not_written_is_refused() =>
        Assert.Contains("not as Q6_K", Assert.Throws<InvalidModelShapeException>(() => Small.Validate(GgmlType.Q6_K)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_smallest_shapes_are_written()
    {
        var least = new ModelShape(Width: 8, Layers: 1, Heads: 4, KvHeads: 1, FeedForward: 1, ForgedVocabulary.MinimumSize, ContextLength: 1);

        Assert.Equal(least.ParameterCount, GgufFile.ReadModel(Written(least, GgmlType.F32, 0, true)).Summary.ParameterCount);
    }

    private string Written(ModelShape shape, GgmlType type, ulong seed, bool multibyte)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.gguf");
        RandomModel.Write(path, shape, type, seed, new() { MultibyteText = multibyte }, TestContext.Current.CancellationToken);
        return path;
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];

    private static byte[] Tensor(string path, string name, int bytes)
    {
        var file = GgufFile.ReadModel(path);
        var tensor = file.Tensors.Single(candidate => candidate.Name == name);
        Assert.Equal(bytes, tensor.Bytes);
        return File.ReadAllBytes(path).AsSpan((int)(file.DataStart + tensor.Offset), bytes).ToArray();
    }
}
