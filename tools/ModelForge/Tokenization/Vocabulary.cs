using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModelForge.Tokenization;

/// <summary>
/// The pieces of a SentencePiece-style vocabulary, in the order of their ids, and the ids that have a meaning of their own.
/// </summary>
/// <param name="Pieces">The pieces; a space in them is written ▁, except in user-defined ones, which are matched as they are.</param>
/// <param name="UnknownId">The token for what has no piece.</param>
/// <param name="BeginningId">The token before every document.</param>
/// <param name="ImStartId">Begins a turn of the ChatML template.</param>
/// <param name="ImEndId">Ends a turn, and with it a generation.</param>
internal sealed record Vocabulary(IReadOnlyList<VocabularyPiece> Pieces, int UnknownId, int BeginningId, int ImStartId, int ImEndId)
{
    /// <summary>What GGUF and SentencePiece write for a space.</summary>
    public const char Space = '▁';

    /// <summary>SHA-256 of the pieces, their kinds and their scores: weights fit only the vocabulary that they were trained with.</summary>
    public string Fingerprint
    {
        get
        {
            var text = new StringBuilder();
            foreach (var piece in Pieces)
                text.Append(CultureInfo.InvariantCulture, $"{(int)piece.Type} {piece.Score:R} {piece.Text.Length} {piece.Text}\n");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }
}
