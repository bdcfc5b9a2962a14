namespace ModelForge.Corpus.Shell;

/// <summary>What people do to a sentence: casing, typos, courtesy, punctuation. Values are never touched.</summary>
internal static class Noise
{
    private const double Typo = 0.02;
    private const double Unknown = 0.02;
    private const double Lost = 0.012;
    private const double Extra = 0.012;

    private static readonly string[] Extras =
        ["just", "really", "quickly", "simply", "kindly", "also", "actually", "perhaps", "maybe", "quite", "basically", "honestly", "finally", "again", "somehow", "here", "then", "like"];

    /// <summary>Words that turn a sentence into another one; they are never lost.</summary>
    private static readonly HashSet<string> Deciding =
    [
        "not", "don't", "dont", "never", "all", "every", "everyone", "everybody", "good", "ever", "back", "down", "more", "less", "higher", "lower", "limit", "limits",
        "raise", "left", "until", "once", "after", "before", "without", "with", "into", "onto", "from", "like", "similar", "about", "than",
    ];

    private static readonly string[] Before =
        ["please ", "please, ", "hey, ", "ok, ", "okay ", "now ", "could you ", "can you please ", "hi, ", "quick: ", "well, ", "um, ", "so ", "and now ", "good morning, "];

    private static readonly string[] After =
        [" please", ", please", " now", ", thanks", " thanks", " thank you", ", would you", " right away", " if you can", " when you can", ", ok?", " asap", " for me", " today"];

    /// <summary>
    /// A typo in some of the words, and now and then a word that nobody knows, one too few or one too many: what is asked for has to
    /// be told from the others.
    /// </summary>
    /// <param name="words">A part of a sentence without values.</param>
    /// <param name="unknown">Makes a word that means nothing.</param>
    /// <param name="random">The dice.</param>
    public static string Disturb(string words, Func<CorpusRandom, string> unknown, CorpusRandom random) =>
        string.Join(' ', words.Split(' ').SelectMany(word => Disturbed(word, unknown, random)));

    private static IEnumerable<string> Disturbed(string word, Func<CorpusRandom, string> unknown, CorpusRandom random)
    {
        if (word.Length < 3 || !word.All(char.IsAsciiLetter))
            return [word];
        if (word.Length > 3 && random.Chance(Typo))
            return [Misspelt(word, random)];
        if (random.Chance(Extra))
            return [random.Pick(Extras), word];
        if (Deciding.Contains(word))
            return [word];
        if (random.Chance(Unknown))
            return [unknown(random)];
        return random.Chance(Lost) ? [] : [word];
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
