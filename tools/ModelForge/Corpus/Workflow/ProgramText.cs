using System.Text.RegularExpressions;

namespace ModelForge.Corpus.Workflow;

/// <summary>A file in an answer: a code block under its path.</summary>
/// <param name="Path">The path on the line before the block; empty when there is none.</param>
/// <param name="Language">The language that the block names; JavaScript when it names none that is known.</param>
/// <param name="Code">What is in the block.</param>
public sealed partial record ProgramText(string Path, string Language, string Code)
{
    /// <summary>The name of JavaScript at a code block.</summary>
    public const string JavaScript = "js";

    /// <summary>The name of Python at a code block.</summary>
    public const string Python = "python";

    /// <summary>The first file in an answer; null when it has no code block that ends.</summary>
    public static ProgramText? Extract(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var block = CodeBlock().Match(answer);
        if (!block.Success)
        {
            return null;
        }

        var path = block.Groups["path"].Value.Trim();
        var isPython = block.Groups["language"].Value.StartsWith("py", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".py", StringComparison.OrdinalIgnoreCase);
        return new ProgramText(path, isPython ? Python : JavaScript, block.Groups["code"].Value);
    }

    /// <summary>The answer that has this file.</summary>
    public string ToAnswer() => $"{Path}\n```{Language}\n{Code}```";

    [GeneratedRegex(@"(?:^|\n)(?:(?<path>[^\n`]*)\n)?```(?<language>[^\n`]*)\n(?<code>.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeBlock();
}
