namespace ModelForge.Corpus;

/// <summary>Which phrasings a source draws from.</summary>
public enum CorpusSplit
{
    /// <summary>What the model is trained on.</summary>
    Trained,

    /// <summary>What it never sees in training, and is judged on.</summary>
    HeldOut,
}
