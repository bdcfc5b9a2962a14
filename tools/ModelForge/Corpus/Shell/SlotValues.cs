using System.Globalization;
using System.Reflection;
using System.Text;

namespace ModelForge.Corpus.Shell;

/// <summary>Makes the values of slots: from lists of words, put together, and now and then made up, so that they must be copied and not remembered.</summary>
internal sealed class SlotValues
{
    private const double MadeUp = 0.15;

    private static readonly string[] Classes = ["REALTIME", "HIGH", "NORMAL", "LOW", "IDLE", "high", "low", "normal", "idle", "realtime", "High", "Low"];

    private static readonly string[] Limits = ["tokens", "processes", "memory", "messages"];

    private static readonly string[] Topics =
        ["spawn", "kill", "suspend", "resume", "wait", "malloc", "free", "share", "send", "receive", "broadcast", "embed", "search", "index", "setpriority", "nice",
            "getrlimit", "setrlimit", "merge", "split", "cd", "ls", "cat", "grep", "write", "append", "move", "remove", "mkdir", "history", "rollback", "ps", "top",
            "priorities", "budgets", "regions", "permissions", "memory", "files", "agents", "messages", "workflows", "models"];

    private readonly Dictionary<string, string[]> _lists = Load();

    /// <summary>A value for a slot of this name; the digits at its end do not count.</summary>
    public string Make(string slot, CorpusRandom random) => slot.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch
    {
        "pid" => Process(random),
        "name" => random.Chance(0.3) ? Invented(random) : NumberedName(random),
        "role" => Role(random),
        "purpose" or "query" => Topic(random),
        "meaning" => Place(random),
        "text" => Text(random),
        "pattern" => random.Chance(MadeUp) ? Invented(random) : Word("word", random),
        "path" or "to" => Path(random),
        "region" => Region(random),
        "mode" => random.Pick(["read", "write"]),
        "kind" => random.Pick(["user", "system", "specialist", "meta"]),
        "priority" => random.Chance(0.6) ? Number(0, 19, random) : random.Pick(Classes),
        "budget" => Round(random),
        "size" or "value" => random.Chance(0.5) ? Round(random) : Number(1, 9999, random),
        "delta" => Number(1, random.Chance(0.8) ? 9 : 19, random),
        "change" => (random.Chance(0.5) ? "-" : random.Chance(0.5) ? "+" : "") + Number(1, random.Chance(0.8) ? 9 : 19, random),
        "percentage" => random.Chance(0.6) ? (5 * random.Between(1, 19)).ToString(CultureInfo.InvariantCulture) : Number(1, 99, random),
        "parts" => Number(2, 9, random),
        "version" => Number(1, random.Chance(0.8) ? 20 : 300, random),
        "model" => Word("model", random),
        "limit" => random.Pick(Limits),
        "topic" => random.Pick(Topics),
        "number" => Number(1, 9999, random),
        var unknown => throw new FormatException($"there is no kind of slot '{unknown}'"),
    };

    /// <summary>Words and strings that mean nothing.</summary>
    public string Nonsense(CorpusRandom random) =>
        string.Join(' ', Enumerable.Range(0, random.Between(1, 7)).Select(_ => random.Next(6) switch
        {
            0 => Invented(random),
            1 => Number(0, 99999, random),
            2 => Path(random),
            _ => Word(random.Pick(["adjective", "field", "job", "folder", "file", "word", "person"]), random),
        }));

    /// <summary>A word that has nothing to do with what is asked for.</summary>
    public string Unknown(CorpusRandom random) => random.Chance(0.5) ? Invented(random) : Word(random.Pick(["adjective", "field", "job", "person"]), random);

    private string Process(CorpusRandom random) => random.Next(10) switch
    {
        < 6 => Number(1, random.Pick([9, 99, 99, 999, 9999]), random),
        6 => Invented(random),
        _ => NumberedName(random),
    };

    private string NumberedName(CorpusRandom random)
    {
        var name = Word("process", random);
        return random.Next(5) switch
        {
            0 => name + Number(1, 99, random),
            1 => name + "-" + Number(1, 20, random),
            2 => Word("process", random) + random.Pick(["-", "_"]) + name,
            _ => name,
        };
    }

    private string Role(CorpusRandom random)
    {
        var role = random.Next(11) switch
        {
            8 => $"{Word("person", random)} {random.Pick(["of", "for", "on", "in", "with a love of", "without", "behind", "of all"])} {Word("topic", random)}",
            9 => $"{Word("job", random)} from {Word("language", random)} {random.Pick(["to", "into"])} {Word("language", random)}",
            10 => $"{Word("person", random)} {random.Pick(["and", "or"])} {Word("person", random)}",
            0 => Word("person", random),
            1 or 2 => $"{Word("field", random)} {Word("job", random)}",
            3 => $"{Word("adjective", random)} {Word("field", random)} {Word("job", random)}",
            4 => $"{Word("adjective", random)} {Word("person", random)}",
            5 => $"{Word(random.Chance(0.5) ? "person" : "job", random)} {random.Pick(["who", "that"])} {Word("verb3", random)} {Word("topic", random)}",
            6 => $"{Word("job", random)} for {Word("topic", random)}",
            _ => $"{Word("field", random)} {Word("person", random)}",
        };
        return random.Chance(0.06) ? $"{Invented(random)} {Word("job", random)}" : role;
    }

    private string Topic(CorpusRandom random) => random.Next(10) switch
    {
        8 => $"{Word("topic", random)} {random.Pick(["about", "for", "of", "from", "with", "in", "against", "to", "after", "without"])} {Word("topic", random)}",
        9 => $"{Word("adjective", random)} {Word("field", random)} {random.Pick(["names", "numbers", "ideas", "plans", "words", "errors", "lists", "facts", "letters", "prices"])}",
        0 => $"{Word("field", random)} {random.Pick(["data", "notes", "results", "rules", "questions", "problems", "news", "tools"])}",
        1 => $"{Word("adjective", random)} {Word("job", random)}s",
        2 => $"{Word("topic", random)} and {Word("topic", random)}",
        3 => $"{random.Pick(["the history of", "facts about", "notes on", "problems with", "the results of", "questions about", "everything on"])} {Word("topic", random)}",
        4 when random.Chance(0.5) => $"{Invented(random)} {Word("field", random)}",
        _ => Word("topic", random),
    };

    /// <summary>A place by what it is about.</summary>
    private string Place(CorpusRandom random)
    {
        var kind = random.Pick(["directory", "folder", "place", "files", "notes", "documents", "dir", "part", "area", "papers", "stuff", "project", "corner", "section"]);
        return random.Next(6) switch
        {
            0 => $"{random.Pick(["the", "my", "our"])} {Word("topic", random)} {kind}",
            1 => $"{random.Pick(["the", "that"])} {kind} {random.Pick(["where we keep", "where I put", "that deals with", "that covers", "which has"])} {Topic(random)}",
            2 => $"{kind} {random.Pick(["about", "on", "for"])} {Topic(random)}",
            _ => $"{random.Pick(["the", "the", "my", "our", "that"])} {kind} {random.Pick(["about", "about", "on", "with", "for", "of"])} {Topic(random)}",
        };
    }

    private string Text(CorpusRandom random) => random.Next(12) switch
    {
        8 => $"{Word("statement", random)} {Word("tail", random)}",
        9 => $"{Word("interjection", random)}, {Word("statement", random)}",
        10 => $"{Word("statement", random)}, {Word("statement", random)}",
        11 => $"{Word("subject", random)} {Word("predicate", random)} {Word("tail", random)}{random.Pick(["", "", "!", "?", " please", " now", ", thanks", ", ok?"])}",
        0 or 1 => Word("statement", random),
        2 or 3 => $"{Word("subject", random)} {Word("predicate", random)}",
        4 => Nonsense(random),
        5 => $"{Word("statement", random)} {random.Pick(["and", "but", "because", "so", "when", "or"])} {Word("statement", random)}",
        6 => $"{random.Pick(["look at", "tell me about", "write about", "remember", "forget", "check", "summarise", "do not touch", "ask about"])} {Word("topic", random)}",
        _ => random.Chance(0.4) ? Invented(random) : Word("word", random),
    };

    private string Path(CorpusRandom random)
    {
        var file = Word("file", random) + (random.Chance(0.8) ? "." + Word("extension", random) : "");
        if (random.Chance(MadeUp))
            file = Invented(random) + "." + Word("extension", random);
        return random.Next(6) switch
        {
            0 => "/" + Word("folder", random),
            1 => $"/{Word("folder", random)}/{Word("folder", random)}",
            2 => $"/{Word("folder", random)}/{file}",
            3 => $"{Word("folder", random)}/{file}",
            4 => random.Chance(0.5) ? Word("folder", random) : $"/{Word("folder", random)}/{Word("folder", random)}/{file}",
            _ => file,
        };
    }

    private string Region(CorpusRandom random) => random.Next(7) switch
    {
        0 => Word("region", random) + "-" + Number(1, 20, random),
        1 => Word("region", random) + Number(1, 9, random),
        2 => "/context/" + Word("region", random),
        3 => Invented(random),
        4 => Word("file", random) + "." + Word("extension", random),
        _ => Word("region", random),
    };

    /// <summary>A string of syllables or of characters.</summary>
    private static string Invented(CorpusRandom random)
    {
        const string Consonants = "bcdfghjklmnprstvwz";
        const string Vowels = "aeiou";
        var text = new StringBuilder();
        if (random.Chance(0.2))
        {
            for (var left = random.Between(3, 7); left > 0; left--)
                text.Append((char)(random.Chance(0.7) ? 'a' + random.Next(26) : '0' + random.Next(10)));
            return text.ToString();
        }

        for (var left = random.Between(2, 4); left > 0; left--)
            text.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
        if (random.Chance(0.4))
            text.Append(Consonants[random.Next(Consonants.Length)]);
        if (random.Chance(0.25))
            text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    private string Word(string list, CorpusRandom random) => random.Pick(_lists[list]);

    private static string Number(int least, int most, CorpusRandom random) => random.Between(least, most).ToString(CultureInfo.InvariantCulture);

    private static string Round(CorpusRandom random) =>
        (random.Between(1, 9) * random.Pick([10, 100, 100, 1000, 1000, 10_000, 500, 50, 256, 1024])).ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string[]> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("values.txt")!;
        using var reader = new StreamReader(stream);
        var lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
                section = line.Trim('[', ']');
            else if (line.Length > 0 && line[0] != '#')
                lists[section] = line.Split(',', StringSplitOptions.TrimEntries);
        }

        return lists;
    }
}
