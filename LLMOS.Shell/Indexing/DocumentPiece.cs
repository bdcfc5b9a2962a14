namespace LLMOS.Shell.Indexing;

/// <summary>A piece of a document that is found by itself.</summary>
/// <param name="Line">The line that it begins on, from 1; of a PDF the page.</param>
/// <param name="Text">Its text.</param>
internal sealed record DocumentPiece(int Line, string Text);
