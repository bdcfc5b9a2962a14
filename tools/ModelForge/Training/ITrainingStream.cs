namespace ModelForge.Training;

/// <summary>An endless sequence of documents; the one at a position is always the same.</summary>
public interface ITrainingStream
{
    /// <summary>The tasks' names.</summary>
    IReadOnlyList<string> Tasks { get; }

    /// <summary>How many documents lie before the next one; set it to go on from there.</summary>
    long Position { get; set; }

    /// <summary>The next document.</summary>
    TrainingDocument Next();
}
