namespace ModelForge.Corpus.Reading;

/// <summary>Questions over a context of generated facts: answered with a span of it, or refused.</summary>
public sealed class QuestionSource : ICorpusSource
{
    private const double UnanswerableShare = 0.28;

    /// <summary>Asked about one context: an answer is few tokens, and a context read for one only would teach little for its length.</summary>
    private const int MostQuestions = 10;

    private static readonly string[] HeldOutBefore = Fillers.Lines("""
        I wonder:
        In the text above,
        One more thing:
        """);

    private static readonly string[] Before = Phrasings.Trained("before", Fillers.Lines("""
        Please tell me:
        I want to know:
        According to the text,
        From the text:
        Can you say
        Quick question:
        Hello,
        """), HeldOutBefore);

    /// <inheritdoc/>
    public string Task => "question";

    /// <inheritdoc/>
    public double Weight => 0.2;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        // Short contexts are in the mix because finding one of two is learned long before finding one of eight.
        var scene = random.Chance(0.5) ? Scene.Next(random, split, random.Between(1, 3), random.Next(2)) : NextScene(random, split);
        List<DocumentMessage> messages = [];
        for (var questions = random.Between(1, Math.Min(MostQuestions, 2 * scene.Facts.Count + 2)); questions > 0; questions--)
        {
            var example = random.Chance(UnanswerableShare) ? Unanswerable(scene, random, split) : Answerable(scene, random, split);
            messages.AddRange(messages.Count == 0 ? example.Prompt : [ReadingPrompts.NextQuestion(example.Question)]);
            messages.Add(new("assistant", " " + example.Answer));
        }

        return new Document(Task, messages);
    }

    internal static Scene NextScene(CorpusRandom random, CorpusSplit split) => Scene.Next(random, split, random.Between(2, 8), random.Next(3));

    internal static QuestionCase Answerable(Scene scene, CorpusRandom random, CorpusSplit split)
    {
        var fact = random.Pick(scene.Facts);
        var reverse = fact.Kind.ReverseQuestions(split);
        if (reverse.Count > 0 && random.Chance(0.25))
            return new QuestionCase(scene, fact, Ask(fact, reverse, random, split), fact.Entity);
        return new QuestionCase(scene, fact, Ask(fact, fact.Kind.Questions(split), random, split), fact.Value);
    }

    /// <summary>Asks about an entity that the context does not know, or for something of it that the context does not tell.</summary>
    internal static QuestionCase Unanswerable(Scene scene, CorpusRandom random, CorpusSplit split)
    {
        var used = new HashSet<string>(scene.Facts.SelectMany(fact => new[] { fact.Entity, fact.Value }), StringComparer.Ordinal);
        var known = random.Pick(scene.Facts);
        var kind = random.Chance(0.8) ? known.Kind : random.Pick(FactKinds.All);
        var missing = new Fact(kind, Scene.Fresh(kind.Entity, used, random, split), Scene.Fresh(kind.Value, used, random, split));
        var untold = FactKinds.ByEntity[known.Kind.Entity].Where(other => !scene.Facts.Any(fact => fact.Kind == other && fact.Entity == known.Entity)).ToArray();
        if (untold.Length > 0 && random.Chance(0.4))
            missing = missing with { Kind = random.Pick(untold), Entity = known.Entity };
        else if (missing.Kind.ReverseQuestions(split) is { Count: > 0 } reverse && random.Chance(0.25))
            return new QuestionCase(scene, missing, Ask(missing, reverse, random, split), ReadingPrompts.NotInContext);
        return new QuestionCase(scene, missing, Ask(missing, missing.Kind.Questions(split), random, split), ReadingPrompts.NotInContext);
    }

    private static string Ask(Fact fact, IReadOnlyList<string> questions, CorpusRandom random, CorpusSplit split)
    {
        var phrasing = Phrasings.Disturb(random.Pick(questions), random, split);
        if (random.Chance(0.12))
            phrasing = random.Pick(split == CorpusSplit.Trained ? Before : HeldOutBefore) + " " + char.ToLowerInvariant(phrasing[0]) + phrasing[1..];
        else if (random.Chance(0.1))
            phrasing = char.ToLowerInvariant(phrasing[0]) + phrasing[1..];
        if (random.Chance(0.1))
            phrasing = phrasing.TrimEnd('?', '.');
        return fact.In(phrasing);
    }
}
