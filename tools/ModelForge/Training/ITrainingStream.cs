namespace ModelForge.Training;

/// <summary>An endless sequence of documents, to be read by several threads at a time.</summary>
public interface ITrainingStream
{
    /// <summary>The tasks' names.</summary>
    IReadOnlyList<string> Tasks { get; }

    /// <summary>The document at a position, from 0: always the same one.</summary>
    TrainingDocument At(long position);
}
