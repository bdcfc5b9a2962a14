namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>What went wrong inside an operation that does not know its place in the template; the interpreter adds the line and the column.</summary>
internal sealed class TemplateFault(string problem) : Exception(problem);
