namespace ModelForge.Training;

/// <summary>A document as the trainer sees it.</summary>
/// <param name="Tokens">All of it, from the beginning-of-sequence token to the end of the assistant's turn.</param>
/// <param name="FirstTarget">The index in <paramref name="Tokens"/> of the first token to be predicted; that and all behind it are learned. At least 1.</param>
/// <param name="Task">The index of its task in <see cref="ITrainingStream.Tasks"/>.</param>
public sealed record TrainingDocument(int[] Tokens, int FirstTarget, int Task);
