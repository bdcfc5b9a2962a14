namespace LLMOS.Inference;

/// <summary>Something the inference library refuses or could not do. The message is one sentence with the thing, the value and the way out.</summary>
public class LlamaException : Exception
{
    public LlamaException()
        : this(LlamaError.EngineFailed, "llama.cpp failed.")
    {
    }

    public LlamaException(string message)
        : this(LlamaError.EngineFailed, message)
    {
    }

    public LlamaException(string message, Exception innerException)
        : this(LlamaError.EngineFailed, message, innerException)
    {
    }

    public LlamaException(LlamaError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    public LlamaError Error { get; }
}
