namespace ModelForge.Corpus;

/// <summary>
/// Chooses sources so that each gets its share of what they give together, measured by the length of the
/// documents: one with long documents is chosen seldomer.
/// </summary>
internal sealed class SourceDraw
{
    private const int Sample = 200;

    private readonly double[] _cumulative;

    /// <summary>Measures a sample of each source's documents.</summary>
    /// <param name="sources">At least one, with weights that are positive.</param>
    /// <param name="draw">The length of the next document of a source.</param>
    /// <param name="seed">Of the sample.</param>
    public SourceDraw(IReadOnlyList<ICorpusSource> sources, Func<ICorpusSource, CorpusRandom, int> draw, ulong seed)
    {
        if (sources.Count == 0)
            throw new BadInputException("The corpus has no sources.");
        _cumulative = new double[sources.Count];
        var root = new CorpusRandom(~seed);
        var sum = 0.0;
        for (var i = 0; i < sources.Count; i++)
        {
            var random = root.Fork((ulong)i);
            var length = 0L;
            for (var document = 0; document < Sample; document++)
                length += draw(sources[i], random.Fork((ulong)document));
            _cumulative[i] = sum += sources[i].Weight * Sample / Math.Max(length, 1);
        }
    }

    /// <summary>The index of a source.</summary>
    public int Next(CorpusRandom random)
    {
        var point = random.NextDouble() * _cumulative[^1];
        var index = Array.FindIndex(_cumulative, bound => point < bound);
        return index < 0 ? _cumulative.Length - 1 : index;
    }
}
