using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

public sealed class GgufWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("u32", 7u);
        writer.Add("u64", ulong.MaxValue);
        writer.Add("f32", 0.5f);
        writer.Add("bool", true);
        writer.Add("strings", ["a", "ü"]);
        writer.Add("ints", [1, -2]);
        writer.Add("floats", [1f, 2f, 3f]);
        writer.AddTensor("vector", GgmlType.F32, 3, 1, (_, values) => values.Fill(1));
        writer.AddTensor("matrix", GgmlType.F16, 5, 7, (row, values) => values.Fill(row));
        var path = _folder.File("w.gguf");

        writer.Write(path, TestContext.Current.CancellationToken);

        var file = GgufFile.Read(path);
        Assert.Equal(3u, file.Version);
        Assert.Equal(["general.architecture", "u32", "u64", "f32", "bool", "strings", "ints", "floats"], file.Metadata.Keys);
        Assert.Equal(ulong.MaxValue, file.Metadata["u64"].Content);
        Assert.Equal(new GgufValue(GgufValueType.Array, null, GgufValueType.Float32, 3), file.Metadata["floats"]);
        Assert.Equal([("vector", 0L, 12L), ("matrix", 32L, 70L)], file.Tensors.Select(tensor => (tensor.Name, tensor.Offset, tensor.Bytes)));
        Assert.Equal(0, file.Length % 32);
        Assert.Equal((Half)6, BitConverter.ToHalf(File.ReadAllBytes(path), (int)file.DataStart + 32 + 6 * 10));
    }

    [Fact]
    public void Names_are_taken_once()
    {
        var writer = new GgufWriter();
        writer.Add("key", "value");
        writer.AddTensor("w", GgmlType.F32, 1, 1, (_, _) => { });

        Assert.Throws<ArgumentException>(() => writer.Add("key", 1u));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("w", GgmlType.F32, 1, 1, (_, _) => { }));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("v", GgmlType.Q8_0, 33, 1, (_, _) => { }));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("v", GgmlType.Q5_0, 32, 1, (_, _) => { }));
    }

    [Fact]
    public void A_failure_keeps_the_old_file_and_leaves_no_other()
    {
        var path = _folder.File("m.gguf");
        File.WriteAllText(path, "the old one");
        var writer = new GgufWriter();
        writer.AddTensor("w", GgmlType.F32, 1024, 4096, (row, _) =>
        {
            if (row == 4000)
                throw new IOException("No space left on device");
        });

        var failure = Assert.Throws<IOException>(() => writer.Write(path, TestContext.Current.CancellationToken));

        Assert.Equal($"{path} could not be written: No space left on device", failure.Message);
        Assert.Equal("the old one", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_path_that_cannot_be_is_told()
    {
        var writer = new GgufWriter();

        Assert.Contains("is a folder", Refusal(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("folder does not exist", Refusal(_folder.File("none/m.gguf")), StringComparison.Ordinal);
        Assert.Contains("not the name of a file", Refusal(""), StringComparison.Ordinal);
        Assert.Contains("not the name of a file", Refusal("a\0b"), StringComparison.Ordinal);

        string Refusal(string path) => Assert.Throws<IOException>(() => writer.Write(path, TestContext.Current.CancellationToken)).Message;
    }
}
