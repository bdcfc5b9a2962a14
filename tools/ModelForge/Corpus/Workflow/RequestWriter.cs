using System.Text;

namespace ModelForge.Corpus.Workflow;

/// <summary>Draws what somebody asks for, and the words it is asked in.</summary>
internal static class RequestWriter
{
    private static readonly string[] JavaScriptNames =
        ["JavaScript", "JavaScript", "Node", "Node.js", "node", "JS", "javascript", "nodejs", "vanilla JavaScript", "Node JS", "JavaScript on Node", "js", "modern JavaScript"];

    private static readonly string[] PythonNames =
        ["Python", "Python", "Python", "Python 3", "python", "python3", "Python3", "standard Python", "Python code", "py", "modern Python"];

    private static readonly string[] FirstNames =
    [
        "Quick", "Blue", "Tiny", "Bright", "Swift", "Green", "Little", "Happy", "Smart", "Silver", "Open", "River", "Moon", "Sun", "Team", "Daily",
        "Acme", "Nova", "Pixel", "Lucky", "Red", "Cloud", "Night", "Rocket", "Fox", "Maple", "Storm", "Ocean", "Amber", "Delta", "Echo", "Zen",
    ];

    private static readonly string[] LastNames =
    [
        "Box", "Hub", "Desk", "Base", "Bird", "Note", "Link", "Spot", "Point", "Works", "Lab", "Star", "Wave", "Stone", "Tree", "Gate", "Forge",
        "Nest", "Board", "Path", "Line", "Cat", "House", "Port", "Field", "Stack", "Mill", "Yard", "Dash", "Pad",
    ];

    private static readonly string[] Joiners = [", ", " and ", " & ", " + ", ", and ", " plus ", " as well as ", " and also "];

    /// <summary>A specification: any kind, any of its features, either language.</summary>
    public static ProgramSpecification Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var kind = random.Pick(ProgramKind.All);
        var count = random.Pick([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4]);
        var features = kind.Features.ToArray();
        random.Shuffle(features.AsSpan());
        var chosen = features[..count];
        return new ProgramSpecification(
            kind,
            random.Chance(0.25) ? Name(random) : kind.Title,
            random.Chance(0.5) ? ProgramLanguage.Python : ProgramLanguage.JavaScript,
            [.. kind.Features.Where(feature => chosen.Contains(feature))]);
    }

    /// <summary>Words that ask for it. JavaScript may go without saying.</summary>
    public static string Phrase(ProgramSpecification specification, CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(random);
        var phrases = split == CorpusSplit.Trained ? RequestPhrases.Trained : RequestPhrases.HeldOut;
        var isNamed = specification.Name != specification.Kind.Title;
        var isUnsaid = specification.Language == ProgramLanguage.JavaScript && random.Chance(0.4);
        var skeleton = random.Pick(phrases.Skeletons);
        var thing = random.Pick(specification.Kind.Things);
        var language = random.Pick(specification.Language == ProgramLanguage.Python ? PythonNames : JavaScriptNames);
        var text = skeleton
            .Replace("{a}", Article(thing) + thing, StringComparison.Ordinal)
            .Replace("{t}", thing, StringComparison.Ordinal)
            .Replace("{l}", isUnsaid ? "" : random.Pick(phrases.Languages).Replace("{L}", language, StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{f}", specification.Features.Count == 0 ? "" : random.Pick(phrases.Features), StringComparison.Ordinal)
            .Replace("{F}", specification.Features.Count == 0 ? "" : List(specification.Features, random), StringComparison.Ordinal)
            .Replace("{c}", isNamed ? random.Pick(phrases.Namings) : "", StringComparison.Ordinal)
            .Replace(",,", ",", StringComparison.Ordinal)
            .Replace(",.", ".", StringComparison.Ordinal);
        return Styled(text.TrimEnd(','), random).Replace("{n}", specification.Name, StringComparison.Ordinal).Replace("{N}", specification.Name, StringComparison.Ordinal);
    }

    private static string Name(CorpusRandom random)
    {
        var first = random.Pick(FirstNames);
        var last = random.Pick(LastNames);
        return random.Next(5) switch
        {
            0 => first,
            1 => $"{first} {last}",
            2 => $"{first}{last}",
            3 => $"{first}-{last}",
            _ => first + random.Pick(["ly", "ify", "er", "o", "ster", "ix", "it", "io"]),
        };
    }

    private static string Article(string thing) => "aeiouAEIO".Contains(thing[0], StringComparison.Ordinal) ? "an " : "a ";

    private static string List(IReadOnlyList<ProgramFeature> features, CorpusRandom random)
    {
        var shuffled = features.ToArray();
        random.Shuffle(shuffled.AsSpan());
        var list = new StringBuilder();
        var joiner = random.Pick(Joiners);
        for (var i = 0; i < shuffled.Length; i++)
        {
            list.Append(i == 0 ? "" : i == shuffled.Length - 1 ? joiner : ", ").Append(random.Pick(shuffled[i].Phrases));
        }

        return list.ToString();
    }

    /// <summary>Cases, full stops and slips as people have them; names are filled in later and keep theirs.</summary>
    private static string Styled(string text, CorpusRandom random)
    {
        text = random.Next(12) switch
        {
            0 or 1 => text.ToLowerInvariant(),
            2 => text.ToUpperInvariant(),
            3 or 4 => char.ToLowerInvariant(text[0]) + text[1..],
            _ => char.ToUpperInvariant(text[0]) + text[1..],
        };
        text = random.Chance(0.25) && char.IsLetterOrDigit(text[^1]) ? text + random.Pick([".", ".", "!", " please", ", please.", ", thanks"]) : text;
        return random.Chance(0.12) ? Slipped(text, random) : text;
    }

    /// <summary>Two letters inside a word change places, or one is missing or twice there.</summary>
    private static string Slipped(string text, CorpusRandom random)
    {
        var place = random.Next(text.Length);
        if (place < 1 || place + 2 >= text.Length || !text.AsSpan(place - 1, 4).ContainsOnlyLetters())
        {
            return text;
        }

        return random.Next(3) switch
        {
            0 => $"{text[..place]}{text[place + 1]}{text[place]}{text[(place + 2)..]}",
            1 => text.Remove(place, 1),
            _ => text.Insert(place, text[place].ToString()),
        };
    }

    private static bool ContainsOnlyLetters(this ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetter(letter))
            {
                return false;
            }
        }

        return true;
    }
}
