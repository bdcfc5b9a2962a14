namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>A part of a pattern as GBNF.</summary>
/// <param name="Expression">Empty for no text at all.</param>
/// <param name="MayBeEmpty">Whether the empty text fits.</param>
internal readonly record struct PatternPart(string Expression, bool MayBeEmpty);
