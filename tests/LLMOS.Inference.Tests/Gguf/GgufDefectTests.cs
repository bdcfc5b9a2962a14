using System.Diagnostics;
using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Gguf;

/// <summary>Every wrong file gets its problem and one sentence that names the file.</summary>
public sealed class GgufDefectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file() => Refused(_folder.File("none.gguf"), GgufProblem.Missing, "There is no file");

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none(string path) => Assert.Equal(GgufProblem.Missing, Assert.Throws<GgufException>(() => GgufFile.Read(path)).Problem);

    [Fact]
    public void A_folder() => Refused(_folder.Path, GgufProblem.Directory, "is a folder");

    [Fact]
    public void An_empty_file() => Refused(Saved([]), GgufProblem.Empty, "is empty");

    [Fact]
    public void A_link_to_nothing()
    {
        var link = _folder.File("model.gguf");
        File.CreateSymbolicLink(link, _folder.File("gone"));
        Refused(link, GgufProblem.Missing, "gone");
    }

    [Fact]
    public void A_link_to_itself()
    {
        var link = _folder.File("model.gguf");
        File.CreateSymbolicLink(link, link);
        Assert.Throws<GgufException>(() => GgufFile.Read(link));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_a_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        var pipe = _folder.File("pipe.gguf");
        using (var make = Process.Start("mkfifo", pipe))
            make.WaitForExit();
        Refused(pipe, GgufProblem.Empty, "is empty");
    }

    [Fact]
    public void A_file_that_may_not_be_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Needs a user whom file modes bind.");
        var path = Saved([1]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);
        Refused(path, GgufProblem.Unreadable, "cannot be read");
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GGU")]
    [InlineData("ggml and more")]
    [InlineData("<html>404 not found</html>")]
    public void Another_format(string text) => Refused(Saved([.. text.Select(c => (byte)c)]), GgufProblem.NotGguf, "not a GGUF file");

    [Theory]
    [InlineData(0u, "version 0")]
    [InlineData(1u, "version 1")]
    [InlineData(4u, "version 4")]
    [InlineData(0x03000000u, "big-endian")]
    public void Another_version(uint version, string says) =>
        Refused(new RawGguf(0, 0, version).Save(_folder.File("m.gguf")), GgufProblem.UnsupportedVersion, says);

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void A_header_that_is_cut(int length) => Refused(Cut(length), GgufProblem.Truncated, "truncated");

    [Fact]
    public void Data_that_is_cut_by_one_byte()
    {
        var path = Forged();
        var length = new FileInfo(path).Length;
        using (var file = File.OpenWrite(path))
            file.SetLength(length - 1);

        Refused(path, GgufProblem.Truncated, $"the file has {length - 1} bytes");
        Assert.Equal("llama", GgufFile.Read(path).Summary.Architecture);
    }

    [Fact]
    public void An_unknown_architecture()
    {
        var path = _folder.File("m.gguf");
        ForgedModel.Write(path, Small, GgmlType.F32, options: new() { Architecture = "llama99" });
        Refused(path, GgufProblem.UnknownArchitecture, "'llama99'");
    }

    [Fact]
    public void No_architecture() => Refused(new RawGguf(0, 0).Save(_folder.File("m.gguf")), GgufProblem.Malformed, "general.architecture");

    [Fact]
    public void No_tensors() => Refused(new RawGguf(0, 4).Llama().Save(_folder.File("m.gguf")), GgufProblem.NoTensors, "no tensors");

    [Fact]
    public void A_missing_key()
    {
        var path = new RawGguf(1, 1).Key("general.architecture", "llama").Tensor("w", GgmlType.F32, 0, 8).Pad(32).Bytes(new byte[32]).Save(_folder.File("m.gguf"));
        Refused(path, GgufProblem.Malformed, "llama.context_length");
    }

    [Fact]
    public void A_vision_projector()
    {
        var path = _folder.File("m.gguf");
        ForgedModel.Write(path, Small, GgmlType.F32, options: new() { Architecture = "clip" });
        Refused(path, GgufProblem.NotALanguageModel, "vision projector");
    }

    [Fact]
    public void An_adapter() =>
        Refused(new RawGguf(0, 5).Llama().Key("general.type", "adapter").Save(_folder.File("m.gguf")), GgufProblem.NotALanguageModel, "'adapter'");

    [Fact]
    public void Counts_beyond_reason()
    {
        Refused(new RawGguf(ulong.MaxValue, 0).Save(_folder.File("a.gguf")), GgufProblem.Malformed, "18446744073709551615 tensors");
        Refused(new RawGguf(0, 1UL << 40).Save(_folder.File("b.gguf")), GgufProblem.Malformed, "metadata keys");
    }

    [Fact]
    public void Lengths_beyond_the_file()
    {
        Refused(new RawGguf(0, 1).U64(ulong.MaxValue).Save(_folder.File("a.gguf")), GgufProblem.Truncated, "a metadata key");
        Refused(new RawGguf(0, 1).Text("k").U32(8).U64(1UL << 62).Save(_folder.File("b.gguf")), GgufProblem.Truncated, "'k'");
        Refused(new RawGguf(0, 1).Text("k").U32(9).U32(4).U64(1UL << 62).Save(_folder.File("c.gguf")), GgufProblem.Truncated, "'k'");
        Refused(new RawGguf(0, 1).Text("k").U32(9).U32(8).U64(3).Text("one").U64(99).U64(0).Save(_folder.File("d.gguf")), GgufProblem.Truncated, "'k'");
    }

    [Fact]
    public void Values_that_cannot_be()
    {
        Refused(new RawGguf(0, 1).Text("").U32(4).U32(1).Save(_folder.File("a.gguf")), GgufProblem.Malformed, "0 bytes long");
        Refused(new RawGguf(0, 1).Text("k").U32(13).U64(0).Save(_folder.File("b.gguf")), GgufProblem.Malformed, "type 13");
        Refused(new RawGguf(0, 1).Text("k").U32(9).U32(9).U64(0).Save(_folder.File("c.gguf")), GgufProblem.Malformed, "type 9");
        Refused(new RawGguf(0, 2).Key("k", 1).Key("k", 2).Save(_folder.File("d.gguf")), GgufProblem.Malformed, "twice");
        Refused(new RawGguf(0, 1).Key("general.alignment", 48).Save(_folder.File("e.gguf")), GgufProblem.Malformed, "power of two");
        Refused(new RawGguf(0, 1).Key("general.alignment", "32").Save(_folder.File("f.gguf")), GgufProblem.Malformed, "power of two");
        Refused(new RawGguf(0, 1).Key("bad\u0007\n" + new string('x', 500), 1).U64(0).Save(_folder.File("g.gguf")), null, "");
    }

    [Fact]
    public void Tensors_that_cannot_be()
    {
        Refused(Tensor("w", GgmlType.F32, 0, 1, 1, 1, 1, 1), GgufProblem.Malformed, "5 dimensions");
        Refused(Tensor("w", (GgmlType)4, 0, 32), GgufProblem.Malformed, "type 4");
        Refused(Tensor("w", (GgmlType)uint.MaxValue, 0, 32), GgufProblem.Malformed, "type 4294967295");
        Refused(Tensor("w", GgmlType.Q8_0, 0, 33), GgufProblem.Malformed, "rows of 33");
        Refused(Tensor("w", GgmlType.F32, 32, 8), GgufProblem.Malformed, "begins at byte 32");
        Refused(Tensor("w", GgmlType.F32, 0, 1UL << 40, 1UL << 40), GgufProblem.Malformed, "more elements");
        Refused(Tensor("w", GgmlType.F32, 0, ulong.MaxValue), GgufProblem.Malformed, "more elements");
        Refused(Tensor("w", GgmlType.F64, 0, 1UL << 60), GgufProblem.Malformed, "more than a file can hold");
        Refused(Tensor("w", GgmlType.F32, 0, 1UL << 40), GgufProblem.Truncated, "tensors end at");
        Refused(Tensor(new string('w', 64), GgmlType.F32, 0, 8), GgufProblem.Malformed, "63 are the most");
        var twice = new RawGguf(2, 4).Llama().Tensor("w", GgmlType.F32, 0, 8).Tensor("w", GgmlType.F32, 32, 8).Save(_folder.File("m.gguf"));
        Refused(twice, GgufProblem.Malformed, "two tensors named 'w'");
    }

    [Fact]
    public void A_huge_string_in_a_huge_file_is_not_loaded()
    {
        var path = new RawGguf(0, 1).Text("k").U32(8).U64(3UL << 30).Save(_folder.File("m.gguf"));
        using (var file = File.OpenWrite(path))
            file.SetLength(4L << 30);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(GgufFile.Read(path).Metadata["k"].Content);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static ModelShape Small { get; } = new(Width: 32, Layers: 1, Heads: 2, KvHeads: 1, FeedForward: 32, Vocabulary: 512, ContextLength: 128);

    private string Tensor(string name, GgmlType type, ulong offset, params ulong[] dimensions) =>
        new RawGguf(1, 4).Llama().Tensor(name, type, offset, dimensions).Save(_folder.File("m.gguf"));

    private string Forged()
    {
        var path = _folder.File("forged.gguf");
        ForgedModel.Write(path, Small, GgmlType.F32);
        return path;
    }

    private string Cut(int length)
    {
        var path = Forged();
        using var file = File.OpenWrite(path);
        file.SetLength(length);
        return path;
    }

    private string Saved(byte[] bytes)
    {
        var path = _folder.File("m.gguf");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void Refused(string path, GgufProblem? problem, string says)
    {
        var refusal = Assert.Throws<GgufException>(() => GgufFile.ReadModel(path));
        if (problem is not null)
            Assert.Equal(problem, refusal.Problem);
        Assert.Contains(Path.GetFileName(path), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
