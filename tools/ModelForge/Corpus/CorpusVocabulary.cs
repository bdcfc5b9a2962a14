using ModelForge.Tokenization;

namespace ModelForge.Corpus;

/// <summary>Learns the vocabulary of a corpus from a sample of its trained documents.</summary>
internal static class CorpusVocabulary
{
    /// <summary>Characters of the sample; each source has its share.</summary>
    private const int SampleLength = 12_000_000;

    /// <summary>A vocabulary of at most <paramref name="size"/> pieces.</summary>
    /// <exception cref="ArgumentException">The size is too small for the fixed pieces of the sources.</exception>
    public static Vocabulary Learn(IReadOnlyList<ICorpusSource> sources, ulong seed, int size) =>
        VocabularyTrainer.Train(Texts(sources, seed), [.. sources.SelectMany(source => source.FixedPieces)], size);

    private static IEnumerable<string> Texts(IReadOnlyList<ICorpusSource> sources, ulong seed)
    {
        var weights = sources.Sum(source => source.Weight);
        for (var index = 0; index < sources.Count; index++)
        {
            var random = new CorpusRandom(seed).Fork((ulong)index);
            for (var left = SampleLength * sources[index].Weight / weights; left > 0;)
            {
                foreach (var message in sources[index].Next(random, CorpusSplit.Trained).Messages)
                {
                    left -= message.Text.Length;
                    yield return message.Text;
                }
            }
        }
    }
}
