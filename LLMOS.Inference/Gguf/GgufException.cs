namespace LLMOS.Inference.Gguf;

/// <summary>A file that is not a loadable model; the message is one sentence that names the file and the way out.</summary>
public sealed class GgufException : Exception
{
    public GgufException()
    {
    }

    public GgufException(string message)
        : base(message)
    {
    }

    public GgufException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public GgufException(GgufProblem problem, string message, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    public GgufProblem Problem { get; } = GgufProblem.Malformed;
}
