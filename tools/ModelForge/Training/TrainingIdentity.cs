namespace ModelForge.Training;

/// <summary>What must be the same for a training to go on from a checkpoint.</summary>
/// <param name="Shape">The model's dimensions.</param>
/// <param name="Vocabulary">The fingerprint of the vocabulary.</param>
/// <param name="CorpusSeed">The seed of the corpus.</param>
/// <param name="Optimizer">Whose moments the checkpoint has.</param>
public sealed record TrainingIdentity(ModelShape Shape, string Vocabulary, ulong CorpusSeed, Optimizer Optimizer = Optimizer.AdamW);
