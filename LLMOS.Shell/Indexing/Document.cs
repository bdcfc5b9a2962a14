using LLMOS.Shell.Commands.Files;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Indexing;

/// <summary>Reads a file of this machine in the pieces that its structure has: pages of a PDF, headings of Markdown and HTML, blocks of source text, paragraphs else.</summary>
internal static class Document
{
    /// <summary>Bytes of a file that is read.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <exception cref="DocumentException">It has no text that can be read.</exception>
    public static List<DocumentPiece> Cut(string path, byte[] bytes)
    {
        var extension = Path.GetExtension(path);
        if (extension.Equals(".pdf", StringComparison.OrdinalIgnoreCase) || bytes.AsSpan().StartsWith("%PDF-"u8))
        {
            return PdfText.Cut(bytes);
        }

        var text = HostText.TryDecode(bytes) ?? throw new DocumentException("is no UTF-8 text and no PDF");
        var isHtml = extension.ToUpperInvariant() is ".HTML" or ".HTM" or ".XHTML";
        return [.. (isHtml ? TextChunker.Cut(HtmlText.Of(text)) : TreeIndexer.Cut(path, text)).Select(piece => new DocumentPiece(isHtml ? 0 : piece.Line, piece.Text))];
    }
}
