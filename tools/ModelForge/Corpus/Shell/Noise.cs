using System.Text;

namespace ModelForge.Corpus.Shell;

/// <summary>What people do to a sentence: casing, typos, courtesy, punctuation. Values are never touched.</summary>
internal static class Noise
{
    private const double Typo = 0.02;

    private static readonly string[] Before =
        ["please ", "please, ", "hey, ", "ok, ", "okay ", "now ", "could you ", "can you please ", "hi, ", "quick: ", "well, ", "um, ", "so ", "and now ", "good morning, "];

    private static readonly string[] After =
        [" please", ", please", " now", ", thanks", " thanks", " thank you", ", would you", " right away", " if you can", " when you can", ", ok?", " asap", " for me", " today"];

    /// <summary>A typo in some of the words.</summary>
    public static string Misspell(string words, CorpusRandom random)
    {
        var text = new StringBuilder();
        foreach (var word in words.Split(' '))
        {
            if (text.Length > 0 || word.Length == 0 && words.StartsWith(' '))
                text.Append(' ');
            text.Append(word.Length > 3 && word.All(char.IsAsciiLetter) && random.Chance(Typo) ? Misspelt(word, random) : word);
        }

        return words.StartsWith(' ') && (text.Length == 0 || text[0] != ' ') ? " " + text : text.ToString();
    }

    /// <summary>Courtesy around a sentence that asks for something.</summary>
    public static (string Before, string After) Courtesy(CorpusRandom random) =>
        (random.Chance(0.08) ? random.Pick(Before) : "", random.Chance(0.07) ? random.Pick(After) : "");

    /// <summary>The end of a sentence that has none.</summary>
    public static string Ending(string sentence, CorpusRandom random)
    {
        if (sentence.Length > 0 && char.IsPunctuation(sentence[^1]) && sentence[^1] is not ('"' or '\''))
            return "";
        return random.Next(10) switch { 0 or 1 => ".", 2 => "!", 3 when random.Chance(0.5) => "?", 4 when random.Chance(0.3) => " ...", _ => "" };
    }

    private static string Misspelt(string word, CorpusRandom random)
    {
        var at = random.Between(1, word.Length - 2);
        return random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[at].ToString()),
            _ => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
        };
    }
}
