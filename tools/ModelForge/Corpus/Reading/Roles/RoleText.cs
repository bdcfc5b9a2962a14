namespace ModelForge.Corpus.Reading.Roles;

/// <summary>A role: what it is and what it does.</summary>
internal sealed record RoleText(IReadOnlyList<string> Jobs, IReadOnlyList<string> Duties)
{
    private static readonly string[] HeldOut = Fillers.Lines("""
        Play the part of a @. You #.
        You serve as a @ and #.
        In the role of a @ you #.
        You are the @. Your duties are to #.
        You are a @. What you do is #.
        """);

    private static readonly string[] Trained = Phrasings.Trained("role", Fillers.Lines("""
        You are a @. You #.
        You are a @ and you #.
        As a @ you #.
        You work as a @. You #.
        You are a @. It is your job to #.
        You are a @. Your tasks: #.
        You act as a @. You #.
        Someone who works as a @ and can #.
        You are a good @. You #.
        You are a @ with the duty to #.
        The role of @: you #.
        Be a @. You #.
        You are a @. Always #.
        You are a @. Your work is to #.
        """), HeldOut);

    /// <summary>The regular description, as answers have it.</summary>
    public string Regular => $"You are {WithArticle(Jobs)}. You {Join(Duties)}.";

    public static RoleText Next(CorpusRandom random, CorpusSplit split, int duties)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        while (used.Count < duties)
            used.Add(RoleWords.Duty(random, split));
        return new RoleText([RoleWords.Job(random, split)], [.. used]);
    }

    /// <summary>The role in one of many phrasings.</summary>
    public string Say(CorpusRandom random, CorpusSplit split) => Phrasings.Disturb(random.Pick(split == CorpusSplit.Trained ? Trained : HeldOut), random, split)
        .Replace(" a @", " " + WithArticle(Jobs), StringComparison.Ordinal).Replace("@", Join(Jobs), StringComparison.Ordinal).Replace("#", Join(Duties), StringComparison.Ordinal);

    private static string WithArticle(IReadOnlyList<string> jobs) => ("aeiou".Contains(jobs[0][0], StringComparison.Ordinal) ? "an " : "a ") + Join(jobs);

    public static string Join(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : string.Join(", ", items.SkipLast(1)) + " and " + items[^1];
}
