using System.Reflection;
using System.Text.RegularExpressions;
using ModelForge.Corpus.Shell;

namespace ModelForge.Evaluation.Shell;

/// <summary>Sentences that no generator made: a line <c>sentence => calls</c> each, <c>=> ?</c> for none.</summary>
internal static partial class HandwrittenSentences
{
    private const string Arrow = " => ";

    /// <summary>Written before the trained phrasings, and looked at when more of them were chosen.</summary>
    public static IReadOnlyList<ShellSentence> First() => Load("handwritten.txt");

    /// <summary>Written after the training, and measured before anybody had read them; no phrasing is to be chosen by them.</summary>
    public static IReadOnlyList<ShellSentence> Second() => Load("handwritten-second.txt");

    /// <exception cref="TemplateException">A line is wrong.</exception>
    private static List<ShellSentence> Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        List<ShellSentence> sentences = [];
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
            if (arrow < 0)
                throw new TemplateException($"{name}, line {number}: there is no =>.");
            var calls = line[(arrow + Arrow.Length)..].Trim();
            try
            {
                var none = new Dictionary<string, string>(StringComparer.Ordinal);
                sentences.Add(new ShellSentence(
                    Escape().Replace(line[..arrow].Trim(), "$1"), calls.StartsWith('?') ? [] : [.. TemplateFile.ParseCalls(calls).Select(call => SentenceMaker.Call(call, none))], null));
            }
            catch (FormatException wrong)
            {
                throw new TemplateException($"{name}, line {number}: {wrong.Message}.", wrong);
            }
        }

        return sentences;
    }

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
