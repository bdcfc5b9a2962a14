namespace LLMOS.Shell.Indexing;

/// <summary>Why a document is left out, as the rest of a sentence that begins with its path.</summary>
internal sealed class DocumentException(string reason) : Exception(reason);
