namespace ModelForge;

/// <summary>A shape that no model file can have; the message is one sentence for the person who asked for it.</summary>
public sealed class InvalidModelShapeException : Exception
{
    public InvalidModelShapeException()
    {
    }

    public InvalidModelShapeException(string message)
        : base(message)
    {
    }

    public InvalidModelShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
