namespace ModelForge.Corpus;

/// <summary>Documents of several sources before there are tokens: each source has its share of the characters.</summary>
internal sealed class CorpusDocuments
{
    private readonly IReadOnlyList<ICorpusSource> _sources;
    private readonly CorpusSplit _split;
    private readonly CorpusRandom _root;
    private readonly SourceDraw _draw;

    public CorpusDocuments(IReadOnlyList<ICorpusSource> sources, ulong seed, CorpusSplit split = CorpusSplit.Trained)
    {
        _sources = sources;
        _split = split;
        _root = new CorpusRandom(seed);
        _draw = new SourceDraw(sources, (source, random) => source.Next(random, split).Messages.Sum(message => message.Text.Length), seed);
    }

    /// <summary>The document at a position: the same for the same seed.</summary>
    public Document At(long position)
    {
        var random = _root.Fork((ulong)position);
        return _sources[_draw.Next(random)].Next(random, _split);
    }
}
