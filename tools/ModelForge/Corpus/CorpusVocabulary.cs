using ModelForge.Tokenization;

namespace ModelForge.Corpus;

/// <summary>Learns the vocabulary of a corpus.</summary>
internal static class CorpusVocabulary
{
    /// <summary>The sources' fixed pieces, and what is frequent in a sample of their documents.</summary>
    /// <param name="sources">At least one.</param>
    /// <param name="seed">Of the sample.</param>
    /// <param name="documents">How many documents to learn from.</param>
    /// <param name="size">Pieces in all.</param>
    /// <param name="cancellationToken">Ends the sampling.</param>
    /// <exception cref="BadInputException">There is no source, the size is too small or more than the sample gives, or a fixed piece cannot be one.</exception>
    public static Vocabulary Learn(
        IReadOnlyList<ICorpusSource> sources, ulong seed, int documents, int size, CancellationToken cancellationToken = default)
    {
        var corpus = new CorpusDocuments(sources, seed);
        var vocabulary = VocabularyTrainer.Train(Texts(), [.. sources.SelectMany(source => source.FixedPieces).Distinct(StringComparer.Ordinal)], size);
        return vocabulary.Pieces.Count == size
            ? vocabulary
            : throw new BadInputException($"A sample of {documents} documents gives {vocabulary.Pieces.Count} pieces and not {size}: ask for no more, or for a larger sample.");

        IEnumerable<string> Texts()
        {
            for (var i = 0; i < documents; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var messages = corpus.At(i).Messages;
                yield return ChatMlEncoder.RenderPrompt(messages.SkipLast(1));
                yield return messages[^1].Text;
            }
        }
    }
}
