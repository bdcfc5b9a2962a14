namespace ModelForge;

/// <summary>One token of a forged vocabulary.</summary>
/// <param name="Text">The piece as GGUF stores it: "▁" for a space, "&lt;0x41&gt;" for a byte.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Score">The merge score: pieces with higher scores are merged first.</param>
/// <param name="Prior">The mean of its logit when the model samples; ordinary words have 0.</param>
internal readonly record struct VocabularyPiece(string Text, TokenType Type, float Score, float Prior);
