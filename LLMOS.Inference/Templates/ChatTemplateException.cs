using LLMOS.Inference.Templates.Syntax;

namespace LLMOS.Inference;

/// <summary>
/// A chat template that does not parse, or that refuses or fails to render a chat. The message is one sentence with the line and the column.
/// </summary>
public sealed class ChatTemplateException : LlamaException
{
    public ChatTemplateException()
        : this(1, 1, "it could not be rendered")
    {
    }

    public ChatTemplateException(string message)
        : this(1, 1, message)
    {
    }

    public ChatTemplateException(string message, Exception innerException)
        : base(LlamaError.InvalidRequest, message, innerException)
    {
    }

    /// <param name="line">The line of the template, from 1.</param>
    /// <param name="column">The column of that line, from 1.</param>
    /// <param name="problem">What is wrong there, without a full stop.</param>
    public ChatTemplateException(int line, int column, string problem)
        : base(LlamaError.InvalidRequest, $"The chat template fails at line {line}, column {column}: {OneLine(problem)}.")
    {
        Line = line;
        Column = column;
        Problem = problem;
    }

    internal ChatTemplateException(SourcePosition position, string problem)
        : this(position.Line, position.Column, problem)
    {
    }

    /// <summary>The line of the template, from 1; 0 when it is not known.</summary>
    public int Line { get; }

    /// <summary>The column of that line, from 1; 0 when it is not known.</summary>
    public int Column { get; }

    /// <summary>What is wrong there, in the template's own words where it raised the error itself.</summary>
    public string Problem { get; } = "";

    private static string OneLine(string problem) => problem.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
