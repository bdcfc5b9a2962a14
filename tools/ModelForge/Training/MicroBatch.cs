namespace ModelForge.Training;

/// <summary>Documents that one thread computes together, one behind the other without padding.</summary>
internal sealed class MicroBatch
{
    private readonly List<TrainingDocument> _documents = [];

    public IReadOnlyList<TrainingDocument> Documents => _documents;

    /// <summary>Inputs: all tokens of a document but the last, which nothing follows.</summary>
    public int Inputs { get; private set; }

    /// <summary>Tokens to be predicted.</summary>
    public int Targets { get; private set; }

    public void Add(TrainingDocument document)
    {
        _documents.Add(document);
        Inputs += document.Tokens.Length - 1;
        Targets += document.Targets;
    }

    public void Clear()
    {
        _documents.Clear();
        Inputs = 0;
        Targets = 0;
    }
}
