using System.CommandLine;
using System.Globalization;
using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge;

/// <summary><c>vocabulary</c>: learns the corpus's vocabulary and writes it.</summary>
internal static class VocabularyCommand
{
    public const int DefaultSize = 4096;
    public const int DefaultSample = 40_000;

    /// <summary>Documents that the reported length of a token is measured on.</summary>
    private const int Measured = 500;

    public static Command Create()
    {
        var outFile = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE" };
        var size = CommandOption.Count("--size", $"Pieces in all; {DefaultSize} when not given.");
        var seed = CommandOption.Number<ulong>("--seed", "Seed of the sample; 1 when not given.");
        var sample = CommandOption.Count("--sample", $"Documents to learn from; {DefaultSample} when not given.");
        var command = new Command("vocabulary", "Learns the vocabulary of the corpus.") { outFile, size, seed, sample };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var path = parsed.GetRequiredValue(outFile);
                var vocabulary = CorpusVocabulary.Learn(
                    CorpusSources.All, parsed.GetValue(seed) ?? 1, parsed.GetValue(sample) ?? DefaultSample, parsed.GetValue(size) ?? DefaultSize, cancellationToken);
                VocabularyFile.Save(path, vocabulary);
                parsed.InvocationConfiguration.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {vocabulary.Pieces.Count} pieces, {CharactersPerToken(vocabulary):0.00} characters a token, fingerprint {vocabulary.Fingerprint}."));
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static double CharactersPerToken(Vocabulary vocabulary)
    {
        var encoder = new SpmEncoder(vocabulary);
        var corpus = new CorpusDocuments(CorpusSources.All, seed: 0);
        var texts = Enumerable.Range(0, Measured).SelectMany(i => corpus.At(i).Messages).Select(message => message.Text).ToArray();
        return texts.Sum(text => (double)text.Length) / Math.Max(1, texts.Sum(text => encoder.Encode(text, parseControl: false).Length));
    }
}
