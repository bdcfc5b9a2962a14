namespace ModelForge;

/// <summary>The kind of a token, with the numbers of <c>tokenizer.ggml.token_type</c>.</summary>
internal enum TokenType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Byte = 6,
}
