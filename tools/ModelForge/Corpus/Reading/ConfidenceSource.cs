namespace ModelForge.Corpus.Reading;

/// <summary>
/// Claims with sources that agree, keep silent or say otherwise. The sources are drawn from a world in which each is right with a
/// fixed chance, so that the word asked for says how likely the claim is true.
/// </summary>
public sealed class ConfidenceSource : ICorpusSource
{
    private const double SilentChance = 0.35;
    private const double RightChance = 0.75;

    /// <inheritdoc/>
    public string Task => "confidence";

    /// <inheritdoc/>
    public double Weight => 0.05;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var example = NextCase(random, split, random.Pick(ConfidenceCase.Words));
        List<DocumentMessage> messages = [.. example.Prompt, new("assistant", " " + example.Word)];
        foreach (var other in example.Others)
        {
            var (support, against) = Weigh(other, example.Said);
            messages.Add(ReadingPrompts.NextClaim(Fillers.Sentence(other, random, split)));
            messages.Add(new("assistant", " " + Judge(support, against)));
        }

        return new Document(Task, messages);
    }

    /// <summary>A case that asks for this word: worlds are drawn until one does.</summary>
    internal static ConfidenceCase NextCase(CorpusRandom random, CorpusSplit split, string word)
    {
        while (true)
        {
            var example = Draw(random, split);
            if (example.Word == word)
                return example;
        }
    }

    private static ConfidenceCase Draw(CorpusRandom random, CorpusSplit split)
    {
        var kind = random.Pick(FactKinds.All);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var truth = new Fact(kind, Scene.Fresh(kind.Entity, used, random, split), Scene.Fresh(kind.Value, used, random, split));
        var error = truth with { Value = Scene.Fresh(kind.Value, used, random, split) };
        var isTrue = random.Chance(0.5);
        var claim = isTrue ? truth : error;

        List<Fact> facts = [];
        List<string> sources = [];
        for (var count = random.Between(2, 3); count > 0; count--)
        {
            if (random.Chance(SilentChance))
            {
                sources.Add(Aside(kind, used, facts, random, split));
                continue;
            }
            var said = random.Chance(RightChance) ? truth : error;
            facts.Add(said);
            sources.Add(Fillers.Sentence(said, random, split));
        }

        // What else can be claimed: the opposite, what a source said by the way, and what no source knows of.
        List<Fact> others = [isTrue ? error : truth, .. facts.Where(fact => fact.Entity != truth.Entity)];
        if (random.Chance(0.5))
            others.Add(claim with { Entity = Scene.Fresh(kind.Entity, used, random, split) });
        if (random.Chance(0.3))
            others.Add(claim with { Value = Scene.Fresh(kind.Value, used, random, split) });
        var order = others.ToArray();
        random.Shuffle<Fact>(order);
        var (support, against) = Weigh(claim, facts);
        return new ConfidenceCase(Fillers.Sentence(claim, random, split), sources, Judge(support, against), isTrue) { Said = facts, Others = order };
    }

    /// <summary>How many of the facts are the claim, and how many say otherwise of the same.</summary>
    private static (int Support, int Against) Weigh(Fact claim, IReadOnlyList<Fact> said) =>
        (said.Count(fact => fact == claim), said.Count(fact => fact.Kind == claim.Kind && fact.Entity == claim.Entity && fact != claim));

    internal static string Judge(int support, int against) => (support, against) switch
    {
        ( >= 2, 0) => "high",
        _ when support > against => "medium",
        _ => "low",
    };

    /// <summary>What a source says that knows nothing of the claim: something else, often of the same kind.</summary>
    private static string Aside(FactKind kind, HashSet<string> used, List<Fact> facts, CorpusRandom random, CorpusSplit split)
    {
        if (random.Chance(0.4))
            return Fillers.Sentence(random, split);
        kind = random.Chance(0.6) ? kind : random.Pick(FactKinds.All);
        facts.Add(new Fact(kind, Scene.Fresh(kind.Entity, used, random, split), Scene.Fresh(kind.Value, used, random, split)));
        return Fillers.Sentence(facts[^1], random, split);
    }
}
