namespace ModelForge.Corpus.Reading.Tools;

/// <summary>Requests for one of some listed tools, answered with a call in JSON.</summary>
public sealed class ToolCallSource : ICorpusSource
{
    private static readonly string[] HeldOutFrames = Fillers.Lines("""
        be so kind and $
        would you mind to $
        I am asking you to $
        it would be great if you could $
        quickly $
        may I ask you to $
        there is a need to $
        """);

    private static readonly string[] Frames = Phrasings.Trained("frame", Fillers.Lines("""
        please $
        $
        $
        $ please
        can you $
        could you $
        could you please $
        I want you to $
        I need you to $
        I would like to $
        I want to $
        we need to $
        you should $
        go ahead and $
        now $
        hey, $
        hello, please $
        it is time to $
        my boss wants me to $
        let us $
        help me to $
        next, $
        would you $
        I have to $
        """), HeldOutFrames);

    /// <summary>Made with one list of tools: a list is long, and read for one call only it would teach little.</summary>
    private const int MostRequests = 4;

    /// <inheritdoc/>
    public string Task => "tools";

    /// <inheritdoc/>
    public double Weight => 0.2;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => ["{\"name\":\"", "\",\"arguments\":{", "\",\"description\":\"", "\",\"parameters\":{"];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (tools, index) = NextTools(random, split);
        var list = tools.Select(tool => tool.Definition).ToArray();
        List<DocumentMessage> messages = [];
        for (var requests = random.Between(1, MostRequests); requests > 0; requests--)
        {
            var example = NextCase(tools, list, index, random, split);
            messages.AddRange(messages.Count == 0 ? example.Prompt : [ReadingPrompts.NextRequest(example.Request)]);
            messages.Add(new("assistant", example.Call));
            index = random.Next(tools.Count);
        }

        return new Document(Task, messages);
    }

    internal static ToolCallCase NextCase(CorpusRandom random, CorpusSplit split)
    {
        var (tools, index) = NextTools(random, split);
        return NextCase(tools, [.. tools.Select(tool => tool.Definition)], index, random, split);
    }

    /// <summary>Some tools, and the first that is asked for.</summary>
    private static (List<Tool> Tools, int Asked) NextTools(CorpusRandom random, CorpusSplit split)
    {
        var (verb, noun) = NextPair(random, split);
        List<Tool> tools = [Define(verb, noun, NextSlots(random), random)];
        for (var others = random.Next(5); others > 0; others--)
        {
            // Half of the others share the verb or the noun, so that both have to be read.
            var other = NextPair(random, split);
            other = random.Next(4) switch { 0 => (verb, other.Noun), 1 => (other.Verb, noun), _ => other };
            if (!tools.Exists(tool => (tool.Verb, tool.Noun) == other || Blurs((tool.Verb, tool.Noun), other)))
                tools.Add(Define(other.Verb, other.Noun, NextSlots(random), random));
        }

        var (asked, order) = (tools[0], tools.ToArray());
        random.Shuffle<Tool>(order);
        return ([.. order], Array.IndexOf(order, asked));
    }

    private static ToolCallCase NextCase(List<Tool> tools, ToolDefinition[] list, int index, CorpusRandom random, CorpusSplit split)
    {
        var tool = tools[index];
        var used = new HashSet<string>(StringComparer.Ordinal);
        var given = tool.Slots.Where(_ => random.Chance(0.88)).Select(slot => (Slot: slot, Value: Scene.Fresh(slot.Value, used, random, split))).ToArray();
        // A verb that was never seen can be told from no other: it is said only where the noun alone finds the tool.
        var isPlain = split == CorpusSplit.Trained || tools.Count(other => Overlap(other.Noun, tool.Noun)) > 1;
        var request = Say(isPlain ? tool.Verb.Trained : [.. tool.Verb.Trained, .. tool.Verb.HeldOut], tool.Noun, given, random, split);
        return new ToolCallCase(list, request, tool.Definition, [.. given.Select(one => (new ToolParameter(one.Slot.Name, one.Slot.Type), one.Value))]);
    }

    private static (ToolVerb Verb, ToolNoun Noun) NextPair(CorpusRandom random, CorpusSplit split)
    {
        while (true)
        {
            var (verb, noun) = (random.Pick(ToolVerb.All), random.Pick(ToolNoun.All));
            if (MadeUpNames.IsHeldOut($"{verb.Names[0]}_{noun.Name}") == (split == CorpusSplit.HeldOut))
                return (verb, noun);
        }
    }

    /// <summary>Whether a request for one could as well mean the other: "get" and "show", a "ticket" and a "ticket sale".</summary>
    private static bool Blurs((ToolVerb Verb, ToolNoun Noun) one, (ToolVerb Verb, ToolNoun Noun) other)
    {
        string[] alike = ["get", "show", "find", "list", "check", "count"];
        var verbs = one.Verb == other.Verb || (alike.Contains(one.Verb.Names[0]) && alike.Contains(other.Verb.Names[0]));
        return verbs && Overlap(one.Noun, other.Noun);
    }

    private static bool Overlap(ToolNoun one, ToolNoun other) =>
        one.Word.Contains(other.Word, StringComparison.Ordinal) || other.Word.Contains(one.Word, StringComparison.Ordinal);

    /// <summary>Parameters whose values are of different kinds: the kind tells which is which where the phrase does not.</summary>
    private static List<ToolSlot> NextSlots(CorpusRandom random)
    {
        List<ToolSlot> slots = [];
        for (var count = random.Next(8) switch { 0 => 0, < 3 => 1, < 6 => 2, 6 => 3, _ => 4 }; count > 0; count--)
        {
            var slot = random.Chance(0.3) ? ToolSlot.Compound(random) : random.Pick(ToolSlot.All);
            if (!slots.Exists(other => Clash(slot, other)))
                slots.Add(slot);
        }
        return slots;
    }

    private static bool Clash(ToolSlot one, ToolSlot other) =>
        one.Name == other.Name || (!one.Name.Contains('_', StringComparison.Ordinal) && !other.Name.Contains('_', StringComparison.Ordinal)
            && one.Trained.Intersect(other.Trained).Any());

    private static Tool Define(ToolVerb verb, ToolNoun noun, List<ToolSlot> slots, CorpusRandom random)
    {
        var name = random.Chance(0.85) ? $"{random.Pick(verb.Names)}_{noun.Name}" : $"{noun.Name}_{random.Pick(verb.Names)}";
        var described = $"{random.Pick(verb.Described)} {(random.Chance(0.7) ? noun.WithArticle : "the " + noun.Word)}.";
        return new Tool(verb, noun, slots, new ToolDefinition(name, described, [.. slots.Select(slot => new ToolParameter(slot.Name, slot.Type))]));
    }

    private static string Say(string[] verbs, ToolNoun noun, (ToolSlot Slot, string Value)[] given, CorpusRandom random, CorpusSplit split)
    {
        var trained = split == CorpusSplit.Trained;
        var phrases = given.Select(one => Phrasings.Disturb(random.Pick(trained ? one.Slot.Trained : one.Slot.HeldOut), random, split)
            .Replace("%", one.Slot.Words, StringComparison.Ordinal).Replace("#", one.Value, StringComparison.Ordinal)).ToArray();
        random.Shuffle<string>(phrases);
        var what = random.Next(4) switch { 0 => "the " + noun.Word, 1 => "this " + noun.Word, _ => noun.WithArticle };
        var request = random.Pick(verbs) + " " + what;
        if (phrases.Length > 0 && random.Chance(0.1))
            request = $"{string.Join(' ', phrases)} {request}";
        else if (phrases.Length > 1 && random.Chance(0.25))
            request = $"{request} {string.Join(", ", phrases)}";
        else if (phrases.Length > 0)
            request = $"{request} {string.Join(' ', phrases)}";
        request = Phrasings.Disturb(random.Pick(trained ? Frames : HeldOutFrames), random, split).Replace("$", request, StringComparison.Ordinal);

        // A value that begins the request stays as it is: it could not be copied.
        if (random.Chance(0.4) && !given.Any(one => request.StartsWith(one.Value, StringComparison.Ordinal)))
            request = char.ToUpperInvariant(request[0]) + request[1..];
        return random.Next(3) switch { 0 => request + ".", _ => request };
    }

    private sealed record Tool(ToolVerb Verb, ToolNoun Noun, List<ToolSlot> Slots, ToolDefinition Definition);
}
