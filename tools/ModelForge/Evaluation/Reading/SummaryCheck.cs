using System.Text.RegularExpressions;
using ModelForge.Corpus.Reading;

namespace ModelForge.Evaluation.Reading;

/// <summary>Looks for a text's facts in its summary.</summary>
internal static partial class SummaryCheck
{
    /// <summary>
    /// The facts that no sentence of the summary has: entity and value must stand in it together, as whole words. All are lost when
    /// the summary has a number that the text has not: then none can be trusted.
    /// </summary>
    public static IReadOnlyList<Fact> Lost(Scene scene, string summary)
    {
        var numbers = Number().Matches(scene.Text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        if (Number().Matches(summary).Any(match => !numbers.Contains(match.Value)))
            return scene.Facts;
        var sentences = SentenceEnd().Split(summary);
        return [.. scene.Facts.Where(fact => !Array.Exists(sentences, sentence => Has(sentence, fact.Entity) && Has(sentence, fact.Value)))];
    }

    private static bool Has(string sentence, string words) => Regex.IsMatch(sentence, $@"(?<!\w){Regex.Escape(words)}(?!\w)", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=\.)\s+")]
    private static partial Regex SentenceEnd();
}
