namespace ModelForge.Corpus.Reading.Roles;

/// <summary>Role descriptions, two to be merged into one or one to be split into parts.</summary>
public sealed class RoleSource : ICorpusSource
{
    /// <inheritdoc/>
    public string Task => "roles";

    /// <inheritdoc/>
    public double Weight => 0.06;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var example = random.Chance(0.5) ? Merge(random, split) : Split(random, split);
        return new Document(Task, [.. example.Prompt, new("assistant", example.Answer)]);
    }

    /// <summary>The jobs of both, and the duties of both, each once.</summary>
    internal static RoleCase Merge(CorpusRandom random, CorpusSplit split)
    {
        var first = RoleText.Next(random, split, random.Between(1, 4));
        var second = RoleText.Next(random, split, random.Between(1, 4));
        // A duty of both is said twice and must come out once.
        if (random.Chance(0.35))
            second = second with { Duties = [.. second.Duties.Except(first.Duties), random.Pick(first.Duties)] };
        var merged = new RoleText([.. first.Jobs.Union(second.Jobs)], [.. first.Duties.Union(second.Duties)]);
        return new RoleCase(ReadingPrompts.Merge(first.Say(random, split), second.Say(random, split)), [merged]);
    }

    /// <summary>
    /// Of a role with as many jobs as parts, whose duties are said job by job, each job becomes a part. The duties of any other are
    /// dealt out evenly, in their order.
    /// </summary>
    internal static RoleCase Split(CorpusRandom random, CorpusSplit split)
    {
        var count = random.Chance(0.7) ? 2 : 3;
        if (random.Chance(0.5))
        {
            RoleText[] parts;
            do
            {
                parts = [.. Enumerable.Range(0, count).Select(_ => RoleText.Next(random, split, random.Between(1, 3)))];
            }
            while (parts.SelectMany(part => part.Jobs.Concat(part.Duties)).Distinct().Count() < parts.Sum(part => 1 + part.Duties.Count));
            return new RoleCase(ReadingPrompts.Split(string.Join(' ', parts.Select(part => part.Say(random, split))), count), parts);
        }
        var size = random.Between(1, count == 2 ? 3 : 2);
        var whole = RoleText.Next(random, split, size * count);
        var pieces = whole.Duties.Chunk(size).Select(duties => whole with { Duties = duties });
        return new RoleCase(ReadingPrompts.Split(whole.Say(random, split), count), [.. pieces]);
    }
}
