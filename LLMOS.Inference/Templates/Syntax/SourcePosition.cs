namespace LLMOS.Inference.Templates.Syntax;

/// <summary>A place in a template's source; both count from 1.</summary>
internal readonly record struct SourcePosition(int Line, int Column);
