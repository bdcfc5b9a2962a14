namespace ModelForge.Corpus.Reading;

/// <summary>
/// A relation that generated texts state and questions ask about: an entity (written <c>@</c> in the phrasings) has a value
/// (<c>#</c>). Every list of phrasings comes twice: those of the trained split and those held out of training.
/// </summary>
internal sealed class FactKind
{
    private readonly Dictionary<char, List<string>> _phrasings = [];

    /// <param name="name">The kind's name, for messages.</param>
    /// <param name="entity">What the entity is.</param>
    /// <param name="value">What the value is.</param>
    /// <param name="phrasings">
    /// A phrasing a line, its list first: <c>=</c> the sentence of a summary, <c>s</c> a sentence, <c>q</c> a question for the value,
    /// <c>r</c> a question for the entity; upper-case letters are the held-out lists. More trained ones stand in <c>facts.phrasings</c>.
    /// </param>
    public FactKind(string name, SlotKind entity, SlotKind value, string phrasings)
    {
        (Name, Entity, Value) = (name, entity, value);
        foreach (var list in "=sSqQrR")
            _phrasings[list] = [];
        foreach (var line in phrasings.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            _phrasings[line[0]].Add(line[2..]);
        foreach (var list in "sqr")
            _phrasings[list] = [.. Phrasings.TrainedOf(name, list, _phrasings[list], _phrasings[char.ToUpperInvariant(list)])];
    }

    public string Name { get; }

    public SlotKind Entity { get; }

    public SlotKind Value { get; }

    /// <summary>The one sentence by which a summary states the fact.</summary>
    public string Summary => _phrasings['='][0];

    public IReadOnlyList<string> Sentences(CorpusSplit split) => List('s', split);

    /// <summary>Questions for the value of an entity.</summary>
    public IReadOnlyList<string> Questions(CorpusSplit split) => List('q', split);

    /// <summary>Questions for the entity that has a value; none for a kind whose values several entities may share.</summary>
    public IReadOnlyList<string> ReverseQuestions(CorpusSplit split) => List('r', split);

    private List<string> List(char trained, CorpusSplit split) => _phrasings[split == CorpusSplit.Trained ? trained : char.ToUpperInvariant(trained)];
}
