using System.Diagnostics;
using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

/// <summary>The command as a script sees it: a process of its own, its exit code and its two streams.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_is_written()
    {
        var (code, output, error) = await Run("random", "--out", "m.gguf", "--preset", "tiny", "--layers", "1", "--vocab", "512", "--type", "f16", "--seed", "9");

        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^m\.gguf: [\d,]+ random weights in F16, [\d,]+ bytes\.\s*$", output);
        var summary = GgufFile.ReadModel(_folder.File("m.gguf")).Summary;
        Assert.Equal((1L, 512L, "F16"), (summary.LayerCount, summary.VocabularySize, summary.Quantization));
    }

    [Fact]
    public async Task The_preset_of_125_million_is_127_mebibytes_in_Q8_0()
    {
        var (code, _, error) = await Run("random", "--out", "m.gguf", "--preset", "125m");

        Assert.Equal((0, ""), (code, error));
        Assert.InRange(new FileInfo(_folder.File("m.gguf")).Length / (1024.0 * 1024), 126.5, 127.5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bogus", "'bogus' is no command")]
    [InlineData("random", "'--out' is required")]
    [InlineData("random --out m.gguf --dim", "'--dim'")]
    [InlineData("random --out m.gguf --dim abc", "--dim must be a whole number, not 'abc'")]
    [InlineData("random --out m.gguf --dim 99999999999", "'99999999999'")]
    [InlineData("random --out m.gguf --dim -128", "dim must be from 8 to 131072, not -128.")]
    [InlineData("random --out m.gguf --seed -1", "--seed must be a whole number, not '-1'")]
    [InlineData("random --out m.gguf --heads 3", "3 heads do not divide dim 128")]
    [InlineData("random --out m.gguf --kv-heads 3", "3 kv heads do not divide 4 heads")]
    [InlineData("random --out m.gguf --ff 100", "multiple of 32, not 100")]
    [InlineData("random --out m.gguf --type Q9_9", "--type must be one of F32, F16, Q8_0, Q4_0, not 'Q9_9'")]
    [InlineData("random --out m.gguf --preset huge", "--preset must be one of tiny, nano, 125m, not 'huge'")]
    [InlineData("lora", "'--out' is required")]
    [InlineData("lora --out m.gguf --rank 0", "rank must be from 1 to 1024, not 0.")]
    [InlineData("lora --out m.gguf --alpha 0", "alpha must be a number other than 0, not 0.")]
    [InlineData("lora --out m.gguf --alpha much", "--alpha must be a number such as 0.5, not 'much'")]
    [InlineData("lora --out m.gguf --targets attn_x", "not 'attn_x'")]
    [InlineData("random --out m.gguf --bogus 3", "'--bogus' is no command or option")]
    [InlineData("corpus --task nowhere", "'nowhere' is no task of the corpus")]
    [InlineData("corpus --split none", "--split must be one of trained, held-out, not 'none'")]
    [InlineData("corpus --count 0", "--count must be a whole number of 1 or more, not '0'")]
    [InlineData("vocabulary", "'--out' is required")]
    [InlineData("vocabulary --out v.txt --size many", "--size must be a whole number of 1 or more, not 'many'")]
    [InlineData("eval --model none.gguf", "There is no file")]
    [InlineData("eval --suite none", "'none' is no suite; there are")]
    [InlineData("eval", "models/nano.gguf is not there: run this where the repository is, or name a model with --model.")]
    [InlineData("export --model none.gguf --vocabulary none.json --out m.gguf", "There is no file none.gguf")]
    [InlineData("eval --model ''", "--model must name a file, not ''")]
    public async Task A_wrong_call_is_one_sentence_and_exit_code_2(string arguments, string says = "")
    {
        var (code, output, error) = await Run([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Trim('\''))]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_model_is_evaluated()
    {
        var (code, output, error) = await Run("eval", "--suite", "speed", "--model", Path.Combine(Repository.Root, "models", "random-tiny.gguf"));

        Assert.Equal(output.Contains("missed", StringComparison.Ordinal) ? 1 : 0, code);
        Assert.Matches(@"speed +loads in +≤ 100 ms +[\d.]+ ms +5  (met|missed)", output);
        Assert.Equal(5, error.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("none/m.gguf", "folder does not exist")]
    [InlineData(".", "is a folder")]
    public async Task A_path_that_cannot_be_written_is_one_sentence_and_exit_code_1(string path, string says)
    {
        var (code, output, error) = await Run("random", "--out", path);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_interrupt_leaves_nothing_and_exits_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends Ctrl-C to consoles, not to processes.");
        using var forge = Start("random", "--out", "m.gguf", "--preset", "125m", "--type", "F32", "--layers", "100");
        var limit = Stopwatch.StartNew();
        while (!Directory.EnumerateFiles(_folder.Path, ".m.gguf.*").Any())
        {
            Assert.False(forge.HasExited || limit.Elapsed > Limit, "The writing did not begin.");
            await Task.Yield();
        }

        using (var kill = Process.Start("kill", ["-INT", $"{forge.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (code, output, error) = await Finish(forge);

        Assert.Equal((130, "", "Interrupted: what was not finished was not written."), (code, output, error.TrimEnd()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var forge = Start(arguments);
        return await Finish(forge);
    }

    private Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ModelForge.dll"), .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<(int Code, string Output, string Error)> Finish(Process forge)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var output = forge.StandardOutput.ReadToEndAsync(limit.Token);
        var error = forge.StandardError.ReadToEndAsync(limit.Token);
        await forge.WaitForExitAsync(limit.Token);
        return (forge.ExitCode, await output, await error);
    }
}
