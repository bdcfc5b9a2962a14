using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Syntax;

/// <summary>Parses a template's statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private TemplateParser(TokenStream stream)
    {
        _stream = stream;
        _expressions = new ExpressionParser(stream);
    }

    /// <exception cref="ChatTemplateException">The template does not parse; the message says where and why.</exception>
    public static IReadOnlyList<Statement> Parse(string source) =>
        new TemplateParser(new TokenStream(TemplateLexer.Read(source))).ParseBody(opened: null);

    /// <summary>Statements up to one of the ends, whose name is then the current word.</summary>
    private List<Statement> ParseBody(TemplateToken? opened, params string[] ends)
    {
        _stream.Enter();
        var body = new List<Statement>();
        while (true)
        {
            var token = _stream.Current;
            switch (token.Kind)
            {
                case TokenKind.Text:
                    _stream.Take();
                    body.Add(new Statement.Text(token.Position, TextValue.OfTemplate(token.Text)));
                    break;
                case TokenKind.PrintBegin:
                    _stream.Take();
                    body.Add(new Statement.Print(token.Position, _expressions.ParseTuple()));
                    _stream.Expect(TokenKind.PrintEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin:
                    _stream.Take();
                    if (_stream.Current.Kind == TokenKind.Name && ends.Contains(_stream.Current.Text))
                    {
                        _stream.Leave();
                        return body;
                    }
                    body.Add(ParseStatement());
                    break;
                case TokenKind.End when opened is { } tag:
                    throw new ChatTemplateException(tag.Position, $"the block '{tag.Text}' has no end: close it with {{% {ends[^1]} %}}");
                default:
                    _stream.Leave();
                    return body;
            }
        }
    }

    private Statement ParseStatement()
    {
        var tag = _stream.Expect(TokenKind.Name, "the name of a block");
        switch (tag.Text)
        {
            case "if":
                return ParseIf(tag);
            case "for":
                return ParseFor(tag);
            case "set":
                return ParseSet(tag);
            case "macro":
                return ParseMacro(tag);
            case "call":
                return ParseCall(tag);
            case "filter":
                var filter = _expressions.ParseFilters(target: null);
                return new Statement.FilterBlock(tag.Position, filter, ParseBlock(tag, "endfilter"));
            case "with":
                return ParseWith(tag);
            case "generation":
                return new Statement.Scoped(tag.Position, [], ParseBlock(tag, "endgeneration"));
            case "break" or "continue" when _loops == 0:
                throw new ChatTemplateException(tag.Position, $"'{tag.Text}' stands outside a loop");
            case "break":
                EndTag();
                return new Statement.Break(tag.Position);
            case "continue":
                EndTag();
                return new Statement.Continue(tag.Position);
            default:
                throw new ChatTemplateException(tag.Position, $"there is no block '{tag.Text}' here");
        }
    }

    /// <summary>The rest of an opening tag, the body, and the closing tag.</summary>
    private List<Statement> ParseBlock(TemplateToken tag, string end)
    {
        EndTag();
        var body = ParseBody(tag, end);
        _stream.ExpectName(end);
        EndTag();
        return body;
    }

    private void EndTag() => _stream.Expect(TokenKind.BlockEnd, "'%}'");

    private Statement.If ParseIf(TemplateToken tag)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        IReadOnlyList<Statement> otherwise = [];
        do
        {
            var test = _expressions.ParseTuple();
            EndTag();
            branches.Add((test, ParseBody(tag, "elif", "else", "endif")));
        }
        while (_stream.SkipName("elif"));
        if (_stream.SkipName("else"))
        {
            EndTag();
            otherwise = ParseBody(tag, "endif");
        }
        _stream.ExpectName("endif");
        EndTag();
        return new Statement.If(tag.Position, branches, otherwise);
    }

    private Statement.For ParseFor(TemplateToken tag)
    {
        var targets = ParseTargets();
        _stream.ExpectName("in");
        var items = _expressions.ParseTuple(allowConditional: false);
        var filter = _stream.SkipName("if") ? _expressions.Parse() : null;
        var recursive = _stream.SkipName("recursive");
        EndTag();
        _loops++;
        var body = ParseBody(tag, "else", "endfor");
        _loops--;
        IReadOnlyList<Statement> otherwise = [];
        if (_stream.SkipName("else"))
        {
            EndTag();
            otherwise = ParseBody(tag, "endfor");
        }
        _stream.ExpectName("endfor");
        EndTag();
        return new Statement.For(tag.Position, targets, items, filter, body, otherwise, recursive);
    }

    private List<string> ParseTargets()
    {
        var inParentheses = _stream.SkipOperator("(");
        var targets = new List<string> { ParseTarget() };
        while (_stream.SkipOperator(","))
            targets.Add(ParseTarget());
        if (inParentheses)
            _stream.ExpectOperator(")");
        return targets;
    }

    private string ParseTarget()
    {
        var token = _stream.Expect(TokenKind.Name, "the name of a variable");
        return token.Text is "true" or "True" or "false" or "False" or "none" or "None" or "in" or "not" or "and" or "or" or "if" or "else" or "is" or "loop"
            ? throw new ChatTemplateException(token.Position, $"'{token.Text}' cannot be assigned to")
            : token.Text;
    }

    private Statement ParseSet(TemplateToken tag)
    {
        var targets = ParseTargets();
        var attribute = targets.Count == 1 && _stream.SkipOperator(".") ? _stream.Expect(TokenKind.Name, "the name of an attribute").Text : null;
        if (_stream.SkipOperator("="))
        {
            var value = _expressions.ParseTuple();
            EndTag();
            return new Statement.Set(tag.Position, targets, attribute, value);
        }
        if (targets.Count > 1)
            throw _stream.Unexpected("'='");
        var filter = _stream.SkipOperator("|") ? _expressions.ParseFilters(target: null) : null;
        if (_stream.Current.Kind != TokenKind.BlockEnd)
            throw _stream.Unexpected("'='");
        return new Statement.SetBlock(tag.Position, targets[0], attribute, filter, ParseBlock(tag, "endset"));
    }

    private Statement.Macro ParseMacro(TemplateToken tag)
    {
        var name = ParseTarget();
        var parameters = ParseParameters();
        return new Statement.Macro(tag.Position, name, parameters, ParseFunctionBody(tag, "endmacro"));
    }

    private Statement.CallBlock ParseCall(TemplateToken tag)
    {
        var parameters = _stream.IsOperator("(") ? ParseParameters() : [];
        var position = _stream.Position;
        if (_expressions.Parse() is not Expression.Call call)
            throw new ChatTemplateException(position, "expected the call of a macro");
        return new Statement.CallBlock(tag.Position, new Statement.Macro(tag.Position, "caller", parameters, ParseFunctionBody(tag, "endcall")), call);
    }

    /// <summary>A body that a loop around it cannot be left from.</summary>
    private List<Statement> ParseFunctionBody(TemplateToken tag, string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseBlock(tag, end);
        _loops = loops;
        return body;
    }

    private List<(string, Expression?)> ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        _stream.ExpectOperator("(");
        while (!_stream.SkipOperator(")"))
        {
            var name = ParseTarget();
            var value = _stream.SkipOperator("=") ? _expressions.Parse() : null;
            if (value is null && parameters is [.., (_, not null)])
                throw _stream.Wrong($"the parameter '{name}' needs a default, since the one before it has one");
            parameters.Add((name, value));
            if (!_stream.IsOperator(")"))
                _stream.ExpectOperator(",");
        }
        return parameters;
    }

    private Statement.Scoped ParseWith(TemplateToken tag)
    {
        var variables = new List<(string, Expression)>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
                _stream.ExpectOperator(",");
            var name = ParseTarget();
            _stream.ExpectOperator("=");
            variables.Add((name, _expressions.Parse()));
        }
        return new Statement.Scoped(tag.Position, variables, ParseBlock(tag, "endwith"));
    }
}
