namespace ModelForge.Training;

/// <summary>A training cannot go on; the message is one sentence with the way out.</summary>
public sealed class TrainingFailedException : IOException
{
    public TrainingFailedException()
    {
    }

    public TrainingFailedException(string message)
        : base(message)
    {
    }

    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
