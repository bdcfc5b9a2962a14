namespace LLMOS.Shell.Interactive;

/// <summary>The words of a line, finished or not.</summary>
/// <param name="Words">The words, without their quotes.</param>
/// <param name="LastStart">Where the last word begins in the line; the line's length when it ends with a space.</param>
/// <param name="OpenQuote">The quote that is not closed; <c>'\0'</c> for none.</param>
internal sealed record LineScan(IReadOnlyList<string> Words, int LastStart, char OpenQuote);
