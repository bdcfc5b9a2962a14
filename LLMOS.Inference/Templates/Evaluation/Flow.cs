namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Where a template goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
