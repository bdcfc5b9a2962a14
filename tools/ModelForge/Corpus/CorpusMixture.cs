using ModelForge.Tokenization;
using ModelForge.Training;

namespace ModelForge.Corpus;

/// <summary>
/// The documents of several sources as one endless sequence, in which each source has its share of the tokens. The document at a
/// position depends on the seed and the position alone.
/// </summary>
internal sealed class CorpusMixture : ITrainingStream
{
    private const int MostAttempts = 1000;

    private readonly IReadOnlyList<ICorpusSource> _sources;
    private readonly CorpusSplit _split;
    private readonly int _maxTokens;
    private readonly CorpusRandom _root;
    private readonly ChatMlEncoder _encoder;
    private readonly SourceDraw _draw;
    private readonly int[] _tasks;

    /// <summary>Measures a sample of each source.</summary>
    /// <param name="sources">At least one.</param>
    /// <param name="vocabulary">The tokens to write in.</param>
    /// <param name="seed">Equal seeds give equal documents.</param>
    /// <param name="maxTokens">A longer document is left out and another one of its source drawn.</param>
    /// <param name="split">Which phrasings.</param>
    public CorpusMixture(
        IReadOnlyList<ICorpusSource> sources, Vocabulary vocabulary, ulong seed, int maxTokens, CorpusSplit split = CorpusSplit.Trained)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        _sources = sources;
        _split = split;
        _maxTokens = maxTokens;
        _root = new CorpusRandom(seed);
        _encoder = new ChatMlEncoder(vocabulary);
        List<string> tasks = [.. sources.Select(source => source.Task).Distinct()];
        _tasks = [.. sources.Select(source => tasks.IndexOf(source.Task))];
        Tasks = tasks;
        _draw = new SourceDraw(sources, (source, random) => Fitting(source, 0, random).Tokens.Length, seed);
    }

    public IReadOnlyList<string> Tasks { get; }

    public TrainingDocument At(long position)
    {
        var random = _root.Fork((ulong)position);
        var source = _draw.Next(random);
        return Fitting(_sources[source], _tasks[source], random);
    }

    private TrainingDocument Fitting(ICorpusSource source, int task, CorpusRandom random)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var document = _encoder.Encode(source.Next(random.Fork((ulong)attempt), _split), task);
            if (document.Tokens.Length <= _maxTokens)
                return document;
        }

        throw new BadInputException($"{MostAttempts} documents of {source.Task} in turn are longer than {_maxTokens} tokens.");
    }
}
