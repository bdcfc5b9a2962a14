namespace LLMOS.Shell.Completion;

/// <summary>What may stand in a place of a command line.</summary>
/// <param name="Kind">What of the system it can name.</param>
/// <param name="Words">Words that are known without asking: commands, options, choices.</param>
internal sealed record ExpectedWord(WordKind Kind, IReadOnlyList<string> Words);
