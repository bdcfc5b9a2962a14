namespace ModelForge.Training;

/// <summary>What moves the matrices between hidden layers; embeddings and norms are always AdamW's.</summary>
public enum Optimizer
{
    /// <summary>See <see cref="Training.AdamW"/>.</summary>
    AdamW,

    /// <summary>See <see cref="Training.Muon"/>.</summary>
    Muon,
}
