using LLMOS.SystemInterface.VectorFs;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;

namespace LLMOS.Shell.Indexing;

/// <summary>The text that a PDF has as text; what it has as pictures is not read.</summary>
internal static class PdfText
{
    /// <summary>Its pieces, each of one page.</summary>
    /// <exception cref="DocumentException">It is damaged, locked, or has no text.</exception>
    public static List<DocumentPiece> Cut(byte[] bytes)
    {
        var pieces = new List<DocumentPiece>();
        try
        {
            using var document = PdfDocument.Open(bytes);
            foreach (var page in document.GetPages())
            {
                var text = ContentOrderTextExtractor.GetText(page, addDoubleNewline: true).Replace("\0", "", StringComparison.Ordinal);
                pieces.AddRange(TextChunker.Cut(text).Select(piece => new DocumentPiece(page.Number, piece.Text)));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A parser of a format that anybody can write wrongly fails in whatever way; only its own words are about the format.
            throw new DocumentException($"is no PDF that can be read ({exception switch
            {
                PdfDocumentEncryptedException => "it is locked by a password",
                PdfDocumentFormatException => exception.Message.TrimEnd('.'),
                _ => "it is damaged",
            }})");
        }

        return pieces.Count > 0 ? pieces : throw new DocumentException("has no text, as a PDF of scanned pages has none");
    }
}
