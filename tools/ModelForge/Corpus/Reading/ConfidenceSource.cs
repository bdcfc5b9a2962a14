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
    public double Weight => 0.015;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var example = NextCase(random, split, random.Pick(ConfidenceCase.Words));
        return new Document(Task, [.. example.Prompt, new("assistant", " " + example.Word)]);
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

        var (support, against) = (0, 0);
        List<string> sources = [];
        for (var count = random.Between(2, 3); count > 0; count--)
        {
            if (random.Chance(SilentChance))
            {
                sources.Add(Aside(kind, used, random, split));
                continue;
            }
            var said = random.Chance(RightChance) ? truth : error;
            _ = said == claim ? support++ : against++;
            sources.Add(Fillers.Sentence(said, random, split));
        }
        return new ConfidenceCase(Fillers.Sentence(claim, random, split), sources, Judge(support, against), isTrue);
    }

    internal static string Judge(int support, int against) => (support, against) switch
    {
        ( >= 2, 0) => "high",
        _ when support > against => "medium",
        _ => "low",
    };

    /// <summary>What a source says that knows nothing of the claim: something else, often of the same kind.</summary>
    private static string Aside(FactKind kind, HashSet<string> used, CorpusRandom random, CorpusSplit split)
    {
        if (random.Chance(0.4))
            return Fillers.Sentence(random, split);
        kind = random.Chance(0.6) ? kind : random.Pick(FactKinds.All);
        return Fillers.Sentence(new Fact(kind, Scene.Fresh(kind.Entity, used, random, split), Scene.Fresh(kind.Value, used, random, split)), random, split);
    }
}
