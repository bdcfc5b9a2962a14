namespace ModelForge.Training;

/// <summary>Documents that one thread computes together, one behind the other without padding.</summary>
internal sealed class MicroBatch
{
    private readonly List<TrainingDocument> _documents = [];
    private readonly List<int> _learnedRows = [];

    public IReadOnlyList<TrainingDocument> Documents => _documents;

    /// <summary>Inputs: all tokens of a document but the last, which nothing follows.</summary>
    public int Inputs { get; private set; }

    /// <summary>Tokens to be predicted.</summary>
    public int Targets => _learnedRows.Count;

    /// <summary>The inputs behind which a token is predicted, in their order.</summary>
    public IReadOnlyList<int> LearnedRows => _learnedRows;

    public void Add(TrainingDocument document)
    {
        _documents.Add(document);
        foreach (var span in document.Learned)
            _learnedRows.AddRange(Enumerable.Range(Inputs + span.Start - 1, span.Length));
        Inputs += document.Tokens.Length - 1;
    }

    public void Clear()
    {
        _documents.Clear();
        _learnedRows.Clear();
        Inputs = 0;
    }
}
