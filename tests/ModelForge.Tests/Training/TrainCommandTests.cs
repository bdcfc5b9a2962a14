using System.Globalization;
using LLMOS.Inference;
using LLMOS.Inference.Gguf;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

/// <summary>A training from the command line: begun, gone on with, and refused.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("nano.gguf");

    private string Work => _folder.File("work");

    private static string Committed => Path.Combine(Repository.Root, "models", "nano.vocabulary.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_training_goes_on_where_it_was_and_refuses_what_does_not_belong_to_it()
    {
        var (code, begun, _) = await TrainAsync(3000);
        Assert.True(code == 0, begun);
        Assert.Contains("A new training of", begun, StringComparison.Ordinal);
        Assert.Contains("held out | ", begun, StringComparison.Ordinal);
        var summary = GgufFile.ReadModel(Model).Summary;
        Assert.Equal(("nano", "F16", 2048L), (summary.Name, summary.Quantization, summary.ContextLength));
        using (var loaded = LlamaModel.Load(Model))
            Assert.Equal(1600, loaded.VocabularySize);

        (code, var resumed, _) = await TrainAsync(6000);
        Assert.True(code == 0, resumed);
        Assert.Matches(@"Going on from step \d+, 3,\d\d\d tokens\.", resumed);

        await RefusedAsync("gives another corpus and vocabulary; give --seed 1 to go on", "--seed", "2");
        await RefusedAsync("is of a model of 8 blocks, not 2; give --layers 8 to go on", "--layers", "2");
        foreach (var (option, value, sentence) in ((string, string, string)[])
            [
                ("--vocabulary", Committed, $"has another vocabulary than {Committed}: leave --vocabulary out to go on"),
                ("--vocab", "1700", "--vocab asks for 1700 tokens, and the vocabulary"),
                ("--out", Path.Combine(Work, "checkpoint"), "--out must be another file than"),
            ])
        {
            string[] file = option == "--out" ? [] : ["--out", Model];
            var (wrong, output, error) = await RunAsync(["train", .. file, "--work", Work, "--tokens", "6000", option, value]);
            Assert.Equal((2, ""), (wrong, output));
            Assert.Contains(sentence, error, StringComparison.Ordinal);
        }

        var checkpoint = Path.Combine(Work, "checkpoint");
        var good = File.ReadAllBytes(checkpoint);

        // Of a header that was damaged nothing is believed: neither a field that is gone nor another seed.
        foreach (var (from, to) in ((string, string)[])[("\"Identity\"", "\"Idemtity\""), ("\"CorpusSeed\":1", "\"CorpusSeed\":3")])
        {
            var at = good.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(from));
            Assert.True(at > 0);
            var damaged = good.ToArray();
            System.Text.Encoding.UTF8.GetBytes(to).CopyTo(damaged, at);
            File.WriteAllBytes(checkpoint, damaged);
            await RefusedAsync($"is damaged; the one before it is {checkpoint}.previous");
        }

        // As after a crash between the two moves of a checkpoint.
        File.Delete(checkpoint);
        await RefusedAsync($"is gone, and the one before it is {checkpoint}.previous: rename that to {checkpoint} to go on from it, or remove it to begin anew.");

        File.WriteAllBytes(checkpoint, good[..^1]);
        await RefusedAsync($"is damaged; the one before it is {checkpoint}.previous: rename that to {checkpoint} to go on from it.");
        File.Move(checkpoint + ".previous", checkpoint, overwrite: true);
        (code, var previous, _) = await TrainAsync(6000);
        Assert.True(code == 0, previous);
        Assert.Contains("Going on from step", previous, StringComparison.Ordinal);

        File.Delete(Path.Combine(Work, "vocabulary.json"));
        await RefusedAsync("which it was trained with, is gone; put it back, or give another --work folder to begin anew.");

        async Task RefusedAsync(string sentence, params string[] more)
        {
            var (refused, output, error) = await TrainAsync(6000, more);
            Assert.Equal((1, ""), (refused, output));
            Assert.Contains(sentence, error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }

    [Theory]
    [InlineData("--tokens must be a whole number, not 'many'", "--tokens", "many")]
    [InlineData("--threads must be a whole number of 1 or more", "--threads", "0")]
    [InlineData("--rate must be more than 0 and finite, not 0", "--rate", "0")]
    [InlineData("--rate must be more than 0 and finite, not NaN", "--rate", "NaN")]
    [InlineData("--rate must be a number such as 0.5, not '0,001'", "--rate", "0,001")]
    [InlineData("--tokens must be 1 or more, not -5", "--tokens", "-5")]
    [InlineData("give one of them", "--tokens", "5", "--minutes", "5")]
    [InlineData("--minutes must be more than 0 and less than 527040, not NaN", "--minutes", "NaN")]
    [InlineData("--minutes must be more than 0 and less than 527040, not 1E+300", "--minutes", "1e300")]
    [InlineData("layers must be from 1 to 512, not 513", "--layers", "513")]
    [InlineData("--dropout must be at least 0 and below 1, not 1", "--dropout", "1")]
    [InlineData("--type must be one of F32, F16, Q8_0, not 'Q2'", "--type", "Q2")]
    [InlineData("--optimizer must be one of AdamW, Muon, not 'SGD'", "--optimizer", "SGD")]
    [InlineData("--from needs the model's vocabulary", "--from", "model.gguf")]
    [InlineData("there is no --from", "--from-vocabulary", "vocabulary.json")]
    public async Task A_wrong_call_is_refused_with_a_sentence(string sentence, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(["train", "--out", Model, "--work", Work, .. arguments]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public async Task Without_a_CUDA_device_the_processor_is_named_as_the_way_out()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "There is a CUDA device here.");
        var (code, _, error) = await RunAsync(["train", "--out", Model, "--work", Work, "--vocab", "1600", "--batch", "1536", "--tokens", "1000", "--gpu"]);

        Assert.Equal(2, code);
        Assert.Contains("There is no CUDA device, or no driver for it", error, StringComparison.Ordinal);
        Assert.Contains("leave out --gpu", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public async Task A_model_that_could_not_be_written_is_refused_before_it_is_trained()
    {
        foreach (var (file, sentence) in ((string, string)[])[("", "--out must name a file, not ''"), (_folder.File(""), "--out must name a file"), (_folder.File("none/nano.gguf"), "does not exist: make it"), ("/proc/nano.gguf", "--out cannot be written (")])
        {
            var (code, output, error) = await RunAsync(["train", "--out", file, "--work", Work, "--tokens", "1"]);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(sentence, error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Work));
    }

    [Fact]
    public async Task A_folder_in_which_another_training_works_is_left_alone()
    {
        using (new TrainingFolder(Work).Hold())
        {
            var (code, output, error) = await TrainAsync(1000);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains($"Another training works in {Work}", error, StringComparison.Ordinal);
        }

        new TrainingFolder(Work).Hold().Dispose();
    }

    [Fact]
    public async Task A_training_that_is_refused_leaves_no_vocabulary_that_the_next_one_would_be_held_to()
    {
        var nano = Path.Combine(Repository.Root, "models", "nano.gguf");
        var (code, _, error) = await RunAsync(["train", "--out", Model, "--work", Work, "--tokens", "1", "--from", nano, "--vocabulary", Committed, "--layers", "2"]);

        Assert.Equal(1, code);
        Assert.Contains("give --layers as it was trained with", error, StringComparison.Ordinal);
        Assert.Equal(["training.lock"], Directory.EnumerateFiles(Work).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_work_folder_that_cannot_be_made_is_named()
    {
        var file = _folder.File("file");
        File.WriteAllText(file, "");

        var (code, _, error) = await RunAsync(["train", "--out", Model, "--work", Path.Combine(file, "work"), "--tokens", "1"]);

        Assert.Equal(1, code);
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_trainer_says_how_fast_it_is() => Assert.InRange(TrainerSpeed.Measure(threads: 1, steps: 1), 10, 10_000_000);

    private Task<(int Code, string Output, string Error)> TrainAsync(long tokens, params string[] more) => RunAsync(
        ["train", "--out", Model, "--work", Work, "--vocab", "1600", "--batch", "1536", "--tokens", tokens.ToString(CultureInfo.InvariantCulture), .. more]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ForgeCommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
