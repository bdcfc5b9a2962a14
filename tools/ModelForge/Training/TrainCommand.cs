using System.CommandLine;
using System.Globalization;
using LLMOS.Inference.Gguf;
using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge.Training;

/// <summary><c>train</c>: trains the embedded default model on the generated corpus and exports it.</summary>
internal static class TrainCommand
{
    private const int LongestDocument = 1536;

    /// <summary>Given to the corpus of documents held out, so that it is another one.</summary>
    private const ulong HeldOutSeed = 0x4E4F4E53;

    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "The model to write when the training is done or interrupted.", Required = true, HelpName = "FILE" };
        var work = new Option<string>("--work") { Description = "The folder of the vocabulary and the checkpoints; a training in it goes on.", Required = true, HelpName = "FOLDER" };
        var tokens = new Option<long>("--tokens") { Description = "Tokens to train on.", DefaultValueFactory = static _ => new TrainingOptions().Tokens };
        var minutes = new Option<double?>("--minutes") { Description = "Minutes to train for, all pieces together, instead of --tokens." };
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = static _ => 2 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the corpus and the first weights.", DefaultValueFactory = static _ => 1 };
        var vocabulary = new Option<int>("--vocab") { Description = "Tokens of the vocabulary.", DefaultValueFactory = static _ => ModelShape.Nano.Vocabulary };
        var rate = new Option<float>("--rate") { Description = "The highest learning rate.", DefaultValueFactory = static _ => new TrainingOptions().PeakRate };
        var batch = new Option<int>("--batch") { Description = "Tokens in a step.", DefaultValueFactory = static _ => new TrainingOptions().BatchTokens };
        var from = new Option<string?>("--from") { Description = "An exported F16 or F32 model whose weights a new training begins with; give its --vocabulary too.", HelpName = "FILE" };
        var words = new Option<string?>("--vocabulary") { Description = "The vocabulary of a new training, instead of learning one.", HelpName = "FILE" };
        var type = new Option<GgmlType>("--type") { Description = "Of the exported matrices: F32, F16 or Q8_0.", DefaultValueFactory = static _ => GgmlType.F16 };
        foreach (var (option, least) in ((Option, double)[])[(tokens, 1), (threads, 1), (batch, 1), (vocabulary, 512)])
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && value < least)
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be at least {least}, not {value}."));
            });
        var command = new Command("train", "Trains the embedded default model on text that it generates; the same command goes on after an interruption.")
        {
            file, work, tokens, minutes, threads, seed, vocabulary, rate, batch, words, from, type,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var options = new TrainingOptions
                {
                    Tokens = parsed.GetValue(tokens),
                    Duration = parsed.GetValue(minutes) is { } given ? TimeSpan.FromMinutes(given) : null,
                    Threads = parsed.GetValue(threads),
                    PeakRate = parsed.GetValue(rate),
                    BatchTokens = parsed.GetValue(batch),
                };
                var request = new Request(
                    parsed.GetRequiredValue(file), parsed.GetRequiredValue(work), parsed.GetValue(seed), parsed.GetValue(vocabulary),
                    parsed.GetValue(words), parsed.GetValue(from), parsed.GetValue(type), options);
                return Run(request, parsed.InvocationConfiguration.Output, cancellationToken);
            },
            CancellationToken.None));
        return command;
    }

    private static int Run(Request request, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = new TrainingFolder(request.Work);
        var vocabulary = folder.Vocabulary(CorpusSources.All, request.Seed, request.VocabularySize, request.Vocabulary);
        var identity = new TrainingIdentity(
            ModelShape.Nano with { Vocabulary = vocabulary.Pieces.Count }, vocabulary.Fingerprint, request.Seed);
        using var state = Begin(folder, identity, request.From, output);
        var stream = new CorpusMixture(CorpusSources.All, vocabulary, request.Seed, LongestDocument);
        var heldOut = new CorpusMixture(CorpusSources.All, vocabulary, request.Seed ^ HeldOutSeed, LongestDocument, CorpusSplit.HeldOut);

        var done = TrainingRun.Run(folder.Checkpoint, state, stream, heldOut, request.Options, output, cancellationToken);
        ModelExport.Write(request.File, state.Layout, state.Parameters, vocabulary, request.Type, "nano", Description(state));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.File}: {state.Layout.Length:N0} weights in {request.Type}, trained on {state.Tokens:N0} tokens in {state.Elapsed.TotalMinutes:0} minutes, {new FileInfo(request.File).Length:N0} bytes."));
        if (!done)
            output.WriteLine("Interrupted: the same command goes on from here.");
        return done ? 0 : ForgeCommandLine.Interrupted;
    }

    private static TrainingState Begin(TrainingFolder folder, TrainingIdentity identity, string? from, TextWriter output)
    {
        if (File.Exists(folder.Checkpoint))
        {
            var resumed = Checkpoint.Load(folder.Checkpoint, identity);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on from step {resumed.Step}, {resumed.Tokens:N0} tokens."));
            return resumed;
        }

        var state = new TrainingState(identity);
        if (from is not null)
            ModelImport.Read(from, state.Layout, state.Parameters);
        else
            state.Initialise(identity.CorpusSeed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A new training of {state.Layout.Length:N0} weights, vocabulary {identity.Shape.Vocabulary}."));
        return state;
    }

    private static string Description(TrainingState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"The embedded default of LLMOS: trained from scratch by ModelForge on {state.Tokens / 1e6:0} million tokens of generated text. It knows LLMOS's own tasks and nothing else.");

    private sealed record Request(
        string File, string Work, ulong Seed, int VocabularySize, string? Vocabulary, string? From, GgmlType Type, TrainingOptions Options);
}
