namespace ModelForge.Training;

/// <summary>A checkpoint cannot be read, written or gone on from; the message is one sentence with the way out.</summary>
public sealed class CheckpointException : IOException
{
    public CheckpointException()
    {
    }

    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
