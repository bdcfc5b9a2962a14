using System.CommandLine;
using System.Globalization;
using LLMOS.Inference.Gguf;
using ModelForge.Corpus;
using ModelForge.Tokenization;
using ModelForge.Training.Gpu;

namespace ModelForge.Training;

/// <summary><c>train</c>: trains the embedded default model on the generated corpus and exports it.</summary>
internal static class TrainCommand
{
    private const int LongestDocument = 2000;

    /// <summary>A year.</summary>
    private const int MostMinutes = 366 * 24 * 60;

    /// <summary>Given to the corpus of documents held out, so that it is another one.</summary>
    private const ulong HeldOutSeed = 0x4E4F4E53;

    private static readonly Dictionary<string, Optimizer> Optimizers = Enum.GetValues<Optimizer>().ToDictionary(value => value.ToString(), StringComparer.OrdinalIgnoreCase);

    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "The model to write when the training is done or interrupted.", Required = true, HelpName = "FILE" };
        var work = new Option<string>("--work") { Description = "The folder of the vocabulary and the checkpoints; a training in it goes on.", Required = true, HelpName = "FOLDER" };
        var tokens = CommandOption.Number<long>("--tokens", "Tokens to train on; 60000000 when not given.");
        var minutes = CommandOption.Number<double>("--minutes", "Minutes to train for, all pieces together, instead of --tokens.");
        var threads = CommandOption.Count("--threads", "Threads that compute; 2 when not given.");
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the corpus and the first weights; 1 when not given.");
        var size = CommandOption.Count("--vocab", "Tokens of the vocabulary; 4096 when not given.");
        var layers = CommandOption.Count("--layers", $"Blocks of the model; {ModelShape.Nano.Layers} when not given.");
        var rate = CommandOption.Number<float>("--rate", "The highest learning rate; 0.001 when not given.");
        var batch = CommandOption.Count("--batch", "Tokens in a step; 4096 when not given.");
        var dropout = CommandOption.Number<float>("--dropout", "The part of the activations that is left out of a step, below 1; 0 when not given.");
        var words = new Option<string?>("--vocabulary") { Description = "The vocabulary of a new training, instead of learning one.", HelpName = "FILE" };
        var from = new Option<string?>("--from") { Description = "An exported F16 or F32 model whose weights a new training begins with.", HelpName = "FILE" };
        var fromWords = new Option<string?>("--from-vocabulary") { Description = "The vocabulary of the --from model, when the new training has another one.", HelpName = "FILE" };
        var optimizer = OptimizerOption();
        var type = ExportCommand.TypeOption();
        var gpu = new Option<bool>("--gpu") { Description = "Compute on the first CUDA device; documents are generated on all cores, or on --threads of them." };
        var command = new Command("train", "Trains the embedded default model on text that it generates; the same command goes on after an interruption.")
        {
            file, work, tokens, minutes, threads, seed, size, layers, rate, batch, dropout, optimizer, words, from, fromWords, type, gpu,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var usual = new TrainingOptions();
                var options = usual with
                {
                    Tokens = parsed.GetValue(tokens) ?? usual.Tokens,
                    Duration = parsed.GetValue(minutes) is { } given ? Minutes(given) : null,
                    Threads = parsed.GetValue(threads) ?? usual.Threads,
                    Readers = parsed.GetValue(gpu) ? parsed.GetValue(threads) ?? Environment.ProcessorCount : usual.Readers,
                    PeakRate = parsed.GetValue(rate) ?? usual.PeakRate,
                    Dropout = parsed.GetValue(dropout) ?? usual.Dropout,
                    BatchTokens = parsed.GetValue(batch) ?? usual.BatchTokens,
                };
                if (options.Tokens < 1)
                    throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--tokens must be 1 or more, not {options.Tokens}."));
                if (options.PeakRate is not (> 0 and < float.PositiveInfinity))
                    throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--rate must be more than 0 and finite, not {options.PeakRate}."));
                if (options.Duration is not null && parsed.GetValue(tokens) is not null)
                    throw new BadInputException("--minutes and --tokens both say when the training ends: give one of them.");
                if (options.Dropout is not (>= 0 and < 1))
                    throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--dropout must be at least 0 and below 1, not {options.Dropout}: it is the part that is left out."));

                // A vocabulary that is learned anew may have as many tokens, and other ones: the weights would be taken for those of others.
                if (parsed.GetValue(from) is not null && parsed.GetValue(words) is null && parsed.GetValue(fromWords) is null)
                    throw new BadInputException("--from needs the model's vocabulary: give it as --vocabulary to keep it, or as --from-vocabulary to learn another one.");
                if (parsed.GetValue(from) is null && parsed.GetValue(fromWords) is not null)
                    throw new BadInputException("--from-vocabulary is the vocabulary of the --from model, and there is no --from: give that too, or leave it out.");
                var request = new Request(
                    parsed.GetRequiredValue(file), parsed.GetRequiredValue(work), parsed.GetValue(seed) ?? 1,
                    parsed.GetValue(size), parsed.GetValue(layers) ?? ModelShape.Nano.Layers, parsed.GetValue(words), parsed.GetValue(from),
                    parsed.GetValue(fromWords), parsed.GetValue(optimizer) ?? Optimizer.Muon, parsed.GetValue(type) ?? GgmlType.F16, parsed.GetValue(gpu), options);
                return Run(request, parsed.InvocationConfiguration.Output, cancellationToken);
            },
            CancellationToken.None));
        return command;
    }

    /// <summary>What moves the hidden matrices.</summary>
    internal static Option<Optimizer?> OptimizerOption() =>
        new Option<Optimizer?>("--optimizer") { Description = "What moves the hidden matrices: AdamW or Muon; Muon when not given.", CustomParser = result => CommandOption.OneOf(Optimizers)(result), HelpName = "NAME" };

    private static TimeSpan Minutes(double given) => given is > 0 and < MostMinutes
        ? TimeSpan.FromMinutes(given)
        : throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--minutes must be more than 0 and less than {MostMinutes}, not {given}."));

    private static int Run(Request request, TextWriter output, CancellationToken cancellationToken)
    {
        // Before anything that takes minutes.
        EnsureWritable(request.File);
        using var device = request.Gpu ? GpuDevice.Open() : null;
        (ModelShape.Nano with { Layers = request.Layers }).Validate(request.Type);

        var folder = new TrainingFolder(request.Work);
        if (folder.Owns(request.File))
            throw new BadInputException($"--out must be another file than {request.File}, which is the training's own.");
        using var held = folder.Hold();
        folder.EnsureNothingLeft();
        var vocabulary = folder.Vocabulary(CorpusSources.All, request.Seed, request.VocabularySize, request.Vocabulary);
        var identity = new TrainingIdentity(
            ModelShape.Nano with { Vocabulary = vocabulary.Pieces.Count, Layers = request.Layers }, vocabulary.Fingerprint, request.Seed, request.Optimizer);
        using var state = Begin(folder, identity, vocabulary, request, output);
        folder.Keep(vocabulary);
        var stream = new CorpusMixture(CorpusSources.All, vocabulary, request.Seed, LongestDocument);
        var heldOut = new CorpusMixture(CorpusSources.All, vocabulary, request.Seed ^ HeldOutSeed, LongestDocument, CorpusSplit.HeldOut);

        var engine = device is null ? null : new GpuTrainingEngine(device, state, request.Options, stream.Tasks.Count);
        var done = TrainingRun.Run(folder.Checkpoint, state, stream, heldOut, request.Options, engine, output, cancellationToken);
        ModelExport.Write(request.File, state.Layout, state.Parameters, vocabulary, request.Type, "nano", Description(state, request.From is not null));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.File}: {state.Layout.Length:N0} weights in {request.Type}, trained on {state.Tokens:N0} tokens in {state.Elapsed.TotalMinutes:0} minutes, {new FileInfo(request.File).Length:N0} bytes."));
        if (!done)
            output.WriteLine("Interrupted: the same command goes on from here.");
        return done ? 0 : ForgeCommandLine.Interrupted;
    }

    /// <summary>Refuses an <c>--out</c> that names no file, or one in a folder that is not there or cannot be written to.</summary>
    internal static void EnsureWritable(string file)
    {
        if (file.Length == 0 || Directory.Exists(file))
            throw new BadInputException($"--out must name a file, not '{file}'.");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new BadInputException($"The folder of --out, '{folder}', does not exist: make it, or name another file.");

        // Another file, as the model is written beside what may be there.
        var beside = $"{Path.GetFullPath(file)}.{Guid.NewGuid():N}.partial";
        try
        {
            File.Create(beside, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--out cannot be written ({failure.Message.Replace(beside, file, StringComparison.Ordinal).TrimEnd('.')}): name another file.", failure);
        }
    }

    private static TrainingState Begin(TrainingFolder folder, TrainingIdentity identity, Vocabulary vocabulary, Request request, TextWriter output)
    {
        if (File.Exists(folder.Checkpoint))
        {
            var resumed = Checkpoint.Load(folder.Checkpoint, identity);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on from step {resumed.Step}, {resumed.Tokens:N0} tokens."));
            return resumed;
        }

        var state = new TrainingState(identity);
        if (request is { From: { } model, FromVocabulary: { } words })
            VocabularyTransfer.Read(model, VocabularyFile.Load(words), vocabulary, state);
        else if (request.From is { } same)
            ModelImport.Read(same, state.Layout, state.Parameters, vocabulary.Fingerprint);
        else
            state.Initialise(identity.CorpusSeed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A new training of {state.Layout.Length:N0} weights, vocabulary {identity.Shape.Vocabulary}."));
        return state;
    }

    private static string Description(TrainingState state, bool isFurther) => string.Create(
        CultureInfo.InvariantCulture,
        $"The embedded default of LLMOS: trained from scratch by ModelForge on generated text, {state.Tokens / 1e6:0} million tokens{(isFurther ? " in its last piece" : "")}. It knows LLMOS's own tasks and nothing else.");

    private sealed record Request(
        string File, string Work, ulong Seed, int? VocabularySize, int Layers, string? Vocabulary, string? From, string? FromVocabulary, Optimizer Optimizer, GgmlType Type, bool Gpu, TrainingOptions Options);
}
