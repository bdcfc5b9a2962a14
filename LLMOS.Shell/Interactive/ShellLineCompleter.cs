using LLMOS.Shell.Completion;
using LLMOS.Shell.Interactive.Editing;

namespace LLMOS.Shell.Interactive;

/// <summary>Completes lines of the interactive shell: commands, options, PIDs and names of processes, paths.</summary>
internal sealed class ShellLineCompleter(ShellCompleter completer) : ILineCompleter
{
    private static readonly string[] OwnWords = ["exit", "quit"];

    /// <inheritdoc/>
    public async Task<LineCompletion> CompleteAsync(string text, CancellationToken cancellationToken)
    {
        var scan = LineWords.Scan(text);
        var isNew = scan.LastStart == text.Length;
        var prefix = isNew ? "" : text[scan.LastStart..];
        if (scan.OpenQuote != '\0' || prefix.StartsWith('"') || prefix.StartsWith('\''))
        {
            return new LineCompletion(text.Length, []);
        }

        var words = (isNew ? scan.Words : scan.Words.SkipLast(1)).ToList();
        if (words is ["llmos", ..])
        {
            words.RemoveAt(0);
        }

        var found = await completer.CompleteAsync(words, prefix, cancellationToken);
        var own = words.Count == 0 ? OwnWords.Where(word => word.StartsWith(prefix, StringComparison.Ordinal)) : [];
        return new LineCompletion(scan.LastStart, [.. found.Concat(own).Select(Quote)]);
    }

    private static string Quote(string word) => word.Any(char.IsWhiteSpace) ? $"\"{word}\"" : word;
}
