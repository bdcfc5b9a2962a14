namespace ModelForge;

/// <summary>What was given cannot be used; the message is one sentence that says why.</summary>
public sealed class BadInputException : Exception
{
    public BadInputException()
        : this("The input cannot be used.")
    {
    }

    public BadInputException(string message)
        : base(message)
    {
    }

    public BadInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
