using System.Reflection;
using ModelForge.Corpus.Shell;

namespace ModelForge.Evaluation.Shell;

/// <summary>Sentences that no generator made: a line <c>sentence => calls</c> each, <c>=> ?</c> for none.</summary>
internal static class HandwrittenSentences
{
    private const string Arrow = " => ";

    /// <summary>All of them.</summary>
    /// <exception cref="TemplateException">A line is wrong.</exception>
    public static IReadOnlyList<ShellSentence> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("handwritten.txt")!;
        using var reader = new StreamReader(stream);
        List<ShellSentence> sentences = [];
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
            if (arrow < 0)
                throw new TemplateException($"handwritten.txt, line {number}: there is no =>.");
            var calls = line[(arrow + Arrow.Length)..].Trim();
            try
            {
                var none = new Dictionary<string, string>(StringComparer.Ordinal);
                sentences.Add(new ShellSentence(
                    line[..arrow].Trim(), calls.StartsWith('?') ? [] : [.. TemplateFile.ParseCalls(calls).Select(call => SentenceMaker.Call(call, none))], null));
            }
            catch (FormatException wrong)
            {
                throw new TemplateException($"handwritten.txt, line {number}: {wrong.Message}.", wrong);
            }
        }

        return sentences;
    }
}
