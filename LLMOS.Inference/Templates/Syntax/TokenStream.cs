namespace LLMOS.Inference.Templates.Syntax;

/// <summary>The words of a template, read one after another.</summary>
internal sealed class TokenStream(IReadOnlyList<TemplateToken> tokens)
{
    // Each level costs a dozen frames of the parser, and the tree it makes is walked recursively.
    private const int DeepestNesting = 150;

    private int _at;
    private int _depth;

    public TemplateToken Current => tokens[_at];

    public TemplateToken Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public SourcePosition Position => Current.Position;

    public TemplateToken Take()
    {
        var token = Current;
        if (_at < tokens.Count - 1)
            _at++;
        return token;
    }

    public bool IsOperator(string text) => Current.Is(TokenKind.Operator, text);

    public bool IsName(string text) => Current.Is(TokenKind.Name, text);

    public bool Skip(TokenKind kind, string text)
    {
        if (!Current.Is(kind, text))
            return false;
        Take();
        return true;
    }

    public bool SkipOperator(string text) => Skip(TokenKind.Operator, text);

    public bool SkipName(string text) => Skip(TokenKind.Name, text);

    public void ExpectOperator(string text)
    {
        if (!SkipOperator(text))
            throw Unexpected($"'{text}'");
    }

    public void ExpectName(string text)
    {
        if (!SkipName(text))
            throw Unexpected($"'{text}'");
    }

    public TemplateToken Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    public void Enter()
    {
        if (++_depth > DeepestNesting)
            throw Wrong($"blocks and expressions are nested deeper than the {DeepestNesting} levels that are allowed");
    }

    public void Leave() => _depth--;

    public ChatTemplateException Unexpected(string wanted) => Wrong($"expected {wanted}, but there is {Current.Name}");

    public ChatTemplateException Wrong(string problem) => new(Position, problem);
}
