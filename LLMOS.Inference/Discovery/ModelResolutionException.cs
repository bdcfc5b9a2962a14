namespace LLMOS.Inference.Discovery;

/// <summary>No model could be resolved; the message is a sentence or two that name the value and the way out.</summary>
public sealed class ModelResolutionException : Exception
{
    public ModelResolutionException()
    {
    }

    public ModelResolutionException(string message)
        : base(message)
    {
    }

    public ModelResolutionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
