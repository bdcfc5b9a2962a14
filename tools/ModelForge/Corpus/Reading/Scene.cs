namespace ModelForge.Corpus.Reading;

/// <summary>Some facts that fit together, and the text that states them.</summary>
/// <param name="Facts">In the order in which the text states them.</param>
/// <param name="Text">The text.</param>
internal sealed record Scene(IReadOnlyList<Fact> Facts, string Text)
{
    private const string HeldOutJoint = ", but ";

    private static readonly string[] Joints = Phrasings.Trained("joint", ["\" and \"", "\", and \"", "\", while \""], [HeldOutJoint]);

    /// <param name="random">The dice.</param>
    /// <param name="split">Whose phrasings and names.</param>
    /// <param name="count">How many facts.</param>
    /// <param name="fillers">How many sentences without a fact.</param>
    public static Scene Next(CorpusRandom random, CorpusSplit split, int count, int fillers)
    {
        var facts = Pick(random, split, count);
        var sentences = facts.ConvertAll(fact => Fillers.Sentence(fact, random, split));
        for (var i = 0; i + 1 < sentences.Count; i++)
        {
            if (random.Chance(0.08))
                Join(sentences, i, facts, random, split);
        }
        for (; fillers > 0; fillers--)
            sentences.Insert(random.Next(sentences.Count + 1), Fillers.Sentence(random, split));
        var text = random.Next(10) switch
        {
            0 => "- " + string.Join("\n- ", sentences),
            1 => string.Join('\n', sentences),
            _ => string.Join(' ', sentences),
        };
        return new Scene(facts, text);
    }

    /// <summary>Makes one sentence of two. A name keeps its capital in the middle, another word loses it.</summary>
    private static void Join(List<string> sentences, int at, List<Fact> facts, CorpusRandom random, CorpusSplit split)
    {
        var next = sentences[at + 1];
        if (!facts.Exists(fact => next.StartsWith(fact.Entity, StringComparison.Ordinal) || next.StartsWith(fact.Value, StringComparison.Ordinal)))
            next = char.ToLowerInvariant(next[0]) + next[1..];
        sentences[at] = sentences[at][..^1] + (split == CorpusSplit.Trained ? random.Pick(Joints).Trim('"') : HeldOutJoint) + next;
        sentences.RemoveAt(at + 1);
    }

    /// <summary>Facts about few entities, several of the same kind among them, so that neither the entity nor the kind alone finds one.</summary>
    private static List<Fact> Pick(CorpusRandom random, CorpusSplit split, int count)
    {
        List<Fact> facts = [];
        var used = new HashSet<string>(StringComparer.Ordinal);
        while (facts.Count < count)
        {
            var (kind, entity) = NextSubject(facts, random);
            entity ??= Fresh(kind.Entity, used, random, split);
            if (facts.Exists(fact => fact.Kind == kind && fact.Entity == entity))
                continue;
            facts.Add(new Fact(kind, entity, Fresh(kind.Value, used, random, split)));
        }
        var shuffled = facts.ToArray();
        random.Shuffle<Fact>(shuffled);
        return [.. shuffled];
    }

    private static (FactKind Kind, string? Entity) NextSubject(List<Fact> facts, CorpusRandom random)
    {
        var choice = random.NextDouble();
        if (facts.Count == 0 || choice < 0.25)
            return (random.Pick(FactKinds.All), null);
        var model = random.Pick(facts);
        return choice < 0.6 ? (model.Kind, null) : (random.Pick(FactKinds.ByEntity[model.Kind.Entity].ToArray()), model.Entity);
    }

    /// <summary>A value that no other fact of the scene has, nor a part of one.</summary>
    internal static string Fresh(SlotKind kind, HashSet<string> used, CorpusRandom random, CorpusSplit split)
    {
        for (var tries = 0; ; tries++)
        {
            var value = SlotValues.Next(kind, random, split);
            var clashes = used.Any(other => other.Contains(value, StringComparison.Ordinal) || value.Contains(other, StringComparison.Ordinal));
            // Short numbers are soon part of one another: after a while only equal ones are refused.
            if ((!clashes || tries > 20) && used.Add(value))
                return value;
        }
    }
}
