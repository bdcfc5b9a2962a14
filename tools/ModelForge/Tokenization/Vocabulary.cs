namespace ModelForge.Tokenization;

/// <summary>
/// The pieces of a SentencePiece-style vocabulary, in the order of their ids, and the ids that have a meaning of their own.
/// </summary>
/// <param name="Pieces">The pieces; a space in them is written ▁.</param>
/// <param name="UnknownId">The token for what has no piece.</param>
/// <param name="BeginningId">The token before every document.</param>
/// <param name="ImStartId">Begins a turn of the ChatML template.</param>
/// <param name="ImEndId">Ends a turn, and with it a generation.</param>
internal sealed record Vocabulary(IReadOnlyList<VocabularyPiece> Pieces, int UnknownId, int BeginningId, int ImStartId, int ImEndId);
