namespace LLMOS.Inference.Templates.Syntax;

/// <summary>A word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; that of a string is without quotes and escapes.</param>
/// <param name="Position">Where it begins.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Text, SourcePosition Position)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    /// <summary>How an error names it.</summary>
    public string Name => Kind switch
    {
        TokenKind.End => "the template's end",
        TokenKind.Text => "text",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.String => $"the string '{(Text.Length > 20 ? Text[..20] + "…" : Text).ReplaceLineEndings(" ")}'",
        _ => $"'{Text}'",
    };
}
