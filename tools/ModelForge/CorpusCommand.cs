using System.CommandLine;
using System.Globalization;
using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge;

/// <summary><c>corpus</c>: shows what the model learns from.</summary>
internal static class CorpusCommand
{
    private const int DefaultCount = 5;
    private const int StatisticsCount = 2000;
    private const int SampleDocuments = 4000;

    /// <summary>Longer than any document should be: statistics leave none out.</summary>
    private const int AnyLength = 1 << 20;

    private static readonly Dictionary<string, CorpusSplit> Splits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trained"] = CorpusSplit.Trained,
        ["held-out"] = CorpusSplit.HeldOut,
    };

    public static Command Create()
    {
        var task = new Option<string>("--task") { Description = "Only this task's documents.", HelpName = "NAME" };
        var count = CommandOption.Count("--count", $"Documents; {DefaultCount} when not given, {StatisticsCount} for statistics.");
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the documents; 1 when not given.");
        var split = new Option<CorpusSplit>("--split")
        {
            Description = $"Which phrasings: {string.Join(", ", Splits.Keys)}; trained when not given.",
            HelpName = "NAME",
            CustomParser = CommandOption.OneOf(Splits),
        };
        var statistics = new Option<bool>("--statistics") { Description = "Count documents and tokens instead of showing them." };
        var vocabulary = new Option<string>("--vocabulary") { Description = "The tokens that statistics count; without it they are learned first.", HelpName = "FILE" };
        var command = new Command("corpus", "Shows documents of the corpus.") { task, count, seed, split, statistics, vocabulary };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var sources = Sources(parsed.GetValue(task));
                var start = parsed.GetValue(seed) ?? 1;
                var output = parsed.InvocationConfiguration.Output;
                if (!parsed.GetValue(statistics))
                {
                    Show(new CorpusDocuments(sources, start, parsed.GetValue(split)), parsed.GetValue(count) ?? DefaultCount, output, cancellationToken);
                    return 0;
                }

                var tokens = parsed.GetValue(vocabulary) is { } file
                    ? VocabularyFile.Load(file)
                    : CorpusVocabulary.Learn(CorpusSources.All, start, SampleDocuments, VocabularyCommand.DefaultSize, cancellationToken);
                var mixture = new CorpusMixture(sources, tokens, start, AnyLength, parsed.GetValue(split));
                CountTasks(mixture, parsed.GetValue(count) ?? StatisticsCount, output, cancellationToken);
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static IReadOnlyList<ICorpusSource> Sources(string? task)
    {
        if (task is null)
            return CorpusSources.All;
        ICorpusSource[] wanted = [.. CorpusSources.All.Where(source => source.Task.Equals(task, StringComparison.OrdinalIgnoreCase))];
        return wanted.Length > 0
            ? wanted
            : throw new BadInputException($"'{task}' is no task of the corpus; there are {string.Join(", ", CorpusSources.All.Select(source => source.Task).Distinct())}.");
    }

    private static void Show(CorpusDocuments documents, int count, TextWriter output, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var document = documents.At(i);
            output.WriteLine($"===== {document.Task}");
            foreach (var message in document.Messages)
                output.WriteLine($"[{message.Role}] {message.Text}");
        }
    }

    private static void CountTasks(CorpusMixture mixture, int count, TextWriter output, CancellationToken cancellationToken)
    {
        var totals = mixture.Tasks.Select(_ => (Documents: 0, Tokens: 0L, Targets: 0L, Longest: 0)).ToArray();
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var document = mixture.At(i);
            ref var total = ref totals[document.Task];
            total.Documents++;
            total.Tokens += document.Tokens.Length;
            total.Targets += document.Targets;
            total.Longest = Math.Max(total.Longest, document.Tokens.Length);
        }

        var all = Math.Max(1, totals.Sum(total => total.Tokens));
        output.WriteLine($"{"task",-20} {"documents",10} {"tokens each",12} {"learned each",13} {"longest",8} {"share",7}");
        for (var task = 0; task < totals.Length; task++)
        {
            var total = totals[task];
            var documents = Math.Max(1.0, total.Documents);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{mixture.Tasks[task],-20} {total.Documents,10} {total.Tokens / documents,12:0.0} {total.Targets / documents,13:0.0} {total.Longest,8} {100.0 * total.Tokens / all,6:0.0}%"));
        }
    }
}
