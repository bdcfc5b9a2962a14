using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_forged_model_is_summarised()
    {
        var path = _folder.File("model.gguf");
        ForgedModel.Write(path, ModelShape.Tiny, GgmlType.Q8_0, seed: 3);

        var file = GgufFile.ReadModel(path);

        var summary = file.Summary;
        Assert.Equal("llama", summary.Architecture);
        Assert.Equal("random 128x4 seed 3", summary.Name);
        Assert.Equal("Q8_0", summary.Quantization);
        Assert.Equal(8192, summary.ContextLength);
        Assert.Equal(128, summary.EmbeddingLength);
        Assert.Equal(4, summary.LayerCount);
        Assert.Equal(2048, summary.VocabularySize);
        Assert.Equal(ModelShape.Tiny.ParameterCount, summary.ParameterCount);
        Assert.Equal(new FileInfo(path).Length, summary.SizeBytes);
        Assert.True(summary.HasChatTemplate);
        Assert.Equal(3u, file.Version);
        Assert.Equal(3 + 9 * 4, file.Tensors.Count);
        var last = file.Tensors[^1];
        Assert.Equal("blk.3.ffn_down.weight", last.Name);
        Assert.Equal([384, 128], last.Dimensions);
        Assert.Equal(384 * 128 / 32 * 34, last.Bytes);
        Assert.Equal(file.Length, file.DataStart + last.Offset + last.Bytes);
    }

    [Theory]
    [InlineData(GgmlType.F32, "F32")]
    [InlineData(GgmlType.F16, "F16")]
    [InlineData(GgmlType.Q4_0, "Q4_0")]
    public void The_file_type_is_named(GgmlType type, string name)
    {
        var path = _folder.File("model.gguf");
        ForgedModel.Write(path, ModelShape.Tiny with { Vocabulary = 512, Layers = 1 }, type, options: new() { ChatTemplate = null });

        var summary = GgufFile.ReadModel(path).Summary;

        Assert.Equal(name, summary.Quantization);
        Assert.False(summary.HasChatTemplate);
    }

    [Fact]
    public void Without_a_file_type_the_bytes_decide()
    {
        var path = new RawGguf(tensors: 2, keys: 4).Llama()
            .Tensor("small", GgmlType.F32, 0, 32).Tensor("large", GgmlType.Q6_K, 128, 256, 4).Pad(32)
            .Bytes(new byte[128 + 840]).Save(_folder.File("model.gguf"));

        Assert.Equal("Q6_K", GgufFile.ReadModel(path).Summary.Quantization);
    }

    [Fact]
    public void Every_type_of_value_is_read()
    {
        var raw = new RawGguf(tensors: 1, keys: 17, version: 2).Llama();
        raw.Text("u8").U32(0).Bytes(200);
        raw.Text("i8").U32(1).Bytes(0xFF);
        raw.Text("u16").U32(2).Bytes(0xFF, 0xFF);
        raw.Text("i16").U32(3).Bytes(0xFE, 0xFF);
        raw.Text("i32").U32(5).U32(uint.MaxValue);
        raw.Text("f32").U32(6).U32(BitConverter.SingleToUInt32Bits(1.5f));
        raw.Text("bool").U32(7).Bytes(1);
        raw.Text("u64").U32(10).U64(ulong.MaxValue);
        raw.Text("i64").U32(11).U64(ulong.MaxValue);
        raw.Text("f64").U32(12).U64(BitConverter.DoubleToUInt64Bits(-2.5));
        raw.Key("text", "grüße");
        raw.Text("strings").U32(9).U32(8).U64(2).Text("a").Text("");
        raw.Text("numbers").U32(9).U32(4).U64(3).U32(1).U32(2).U32(3);
        var path = raw.Tensor("w", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32]).Save(_folder.File("model.gguf"));

        var file = GgufFile.ReadModel(path);

        Assert.Equal(2u, file.Version);
        Assert.Equal(
            [200L, -1L, 65535L, -2L, -1L, null, -1L],
            new[] { "u8", "i8", "u16", "i16", "i32", "u64", "i64" }.Select(key => file.Metadata[key].WholeNumber));
        Assert.Equal(1.5f, file.Metadata["f32"].Content);
        Assert.Equal(true, file.Metadata["bool"].Content);
        Assert.Equal(ulong.MaxValue, file.Metadata["u64"].Content);
        Assert.Equal(-2.5, file.Metadata["f64"].Content);
        Assert.Equal("grüße", file.Metadata["text"].Text);
        Assert.Equal(new GgufValue(GgufValueType.Array, null, GgufValueType.String, 2), file.Metadata["strings"]);
        Assert.Equal(new GgufValue(GgufValueType.Array, null, GgufValueType.UInt32, 3), file.Metadata["numbers"]);
    }

    [Fact]
    public void A_string_longer_than_the_buffer_is_read_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i:D5}é"));
        var path = new RawGguf(1, 5).Llama().Key("tokenizer.chat_template", text)
            .Tensor("w", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32]).Save(_folder.File("model.gguf"));

        Assert.Equal(text, GgufFile.ReadModel(path).Metadata["tokenizer.chat_template"].Text);
    }

    [Fact]
    public void A_link_is_followed()
    {
        var target = _folder.File("blobs", "sha256-0");
        ForgedModel.Write(target, ModelShape.Tiny with { Vocabulary = 512, Layers = 1 }, GgmlType.Q8_0);
        var link = _folder.File("snapshot", "model.gguf");
        File.CreateSymbolicLink(link, Path.Combine("..", "blobs", "sha256-0"));

        Assert.Equal(new FileInfo(target).Length, GgufFile.ReadModel(link).Length);
    }

    [Fact]
    public void A_split_model_is_whole_with_all_its_parts()
    {
        var first = _folder.File("big-00001-of-00002.gguf");
        var second = _folder.File("big-00002-of-00002.gguf");
        new RawGguf(0, 6).Llama().Key("split.no", 0).Key("split.count", 2).Save(first);
        var missing = Assert.Throws<GgufException>(() => GgufFile.ReadModel(first));
        Assert.Equal(GgufProblem.IncompleteSplit, missing.Problem);
        Assert.Contains("big-00002-of-00002.gguf is not there", missing.Message, StringComparison.Ordinal);

        RawGguf Part() => new RawGguf(1, 2).Key("split.no", 1).Key("split.count", 2).Tensor("w", GgmlType.F32, 0, 8).Pad(32);
        Part().Save(second);
        Assert.Equal(GgufProblem.Truncated, Assert.Throws<GgufException>(() => GgufFile.ReadModel(first)).Problem);

        Part().Bytes(new byte[32]).Save(second);
        Assert.Equal("llama", GgufFile.ReadModel(first).Summary.Architecture);
        var later = Assert.Throws<GgufException>(() => GgufFile.ReadModel(second));
        Assert.Equal(GgufProblem.IncompleteSplit, later.Problem);
        Assert.Contains("big-00001-of-00002.gguf", later.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model-00002-of-00005.gguf", "model", 2, 5)]
    [InlineData("a-00001-of-00001-00003-of-00004.gguf", "a-00001-of-00001", 3, 4)]
    public void A_parts_name_tells_its_place(string path, string name, int number, int count)
    {
        var split = GgufSplit.OfName(path);

        Assert.NotNull(split);
        Assert.Equal((name, number, count), (split.Name, split.Number, split.Count));
        Assert.Equal(path, split.PathOf(number));
    }

    [Theory]
    [InlineData("model.gguf")]
    [InlineData("model-00006-of-00005.gguf")]
    [InlineData("model-00000-of-00005.gguf")]
    [InlineData("model-1-of-5.gguf")]
    public void Other_names_are_no_parts(string path) => Assert.Null(GgufSplit.OfName(path));
}
