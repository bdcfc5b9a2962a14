using System.Globalization;
using System.Text;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Syntax;

/// <summary>Parses expressions with Jinja2's precedence: a filter binds closer than any operator but the dot, the brackets and the sign.</summary>
internal sealed class ExpressionParser(TokenStream stream)
{
    private static readonly Dictionary<string, ComparisonOperator> Comparisons = new(StringComparer.Ordinal)
    {
        ["=="] = ComparisonOperator.Equal,
        ["!="] = ComparisonOperator.NotEqual,
        ["<"] = ComparisonOperator.Less,
        ["<="] = ComparisonOperator.LessOrEqual,
        [">"] = ComparisonOperator.Greater,
        [">="] = ComparisonOperator.GreaterOrEqual,
    };

    /// <summary>An expression, or a tuple of several with commas between them.</summary>
    public Expression ParseTuple(bool allowConditional = true)
    {
        var position = stream.Position;
        var first = ParseOne();
        if (!stream.IsOperator(","))
            return first;
        var items = new List<Expression> { first };
        while (stream.SkipOperator(",") && !AtEndOfTuple())
            items.Add(ParseOne());
        return new Expression.Sequence(position, items, IsTuple: true);

        Expression ParseOne() => allowConditional ? Parse() : ParseUnconditional();
    }

    public Expression Parse()
    {
        stream.Enter();
        var position = stream.Position;
        var value = ParseOr();
        while (stream.SkipName("if"))
        {
            var test = ParseOr();
            value = new Expression.Conditional(position, test, value, stream.SkipName("else") ? Parse() : null);
        }
        stream.Leave();
        return value;
    }

    /// <summary>An expression in which an <c>if</c> is not part of it, as after <c>in</c> of a loop.</summary>
    public Expression ParseUnconditional()
    {
        stream.Enter();
        var value = ParseOr();
        stream.Leave();
        return value;
    }

    public Expression.Filter ParseFilters(Expression? target)
    {
        Expression.Filter filter;
        do
        {
            var position = stream.Position;
            var name = ParseDottedName("the name of a filter");
            filter = new Expression.Filter(position, target, name, stream.IsOperator("(") ? ParseArguments() : Arguments.None);
            target = filter;
        }
        while (stream.SkipOperator("|"));
        return filter;
    }

    public Arguments ParseArguments()
    {
        var (positional, named) = (new List<Expression>(), new List<(string, Expression)>());
        stream.ExpectOperator("(");
        while (!stream.SkipOperator(")"))
        {
            if (stream.IsOperator("*") || stream.IsOperator("**"))
                throw stream.Wrong("arguments cannot be unpacked with * or **: name them one by one");
            if (stream.Current.Kind == TokenKind.Name && stream.Next.Is(TokenKind.Operator, "="))
            {
                var name = stream.Take().Text;
                stream.Take();
                named.Add((name, Parse()));
            }
            else if (named.Count > 0)
            {
                throw stream.Wrong("an argument without a name follows one with a name");
            }
            else
            {
                positional.Add(Parse());
            }
            if (!stream.IsOperator(")"))
                stream.ExpectOperator(",");
        }
        return new Arguments(positional, named);
    }

    private bool AtEndOfTuple() =>
        stream.Current.Kind is TokenKind.BlockEnd or TokenKind.PrintEnd or TokenKind.End || stream.IsOperator(")") || stream.IsName("in");

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (stream.IsName("or"))
        {
            var position = stream.Take().Position;
            left = new Expression.Logical(position, left, ParseAnd(), IsAnd: false);
        }
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (stream.IsName("and"))
        {
            var position = stream.Take().Position;
            left = new Expression.Logical(position, left, ParseNot(), IsAnd: true);
        }
        return left;
    }

    private Expression ParseNot()
    {
        if (!stream.IsName("not"))
            return ParseComparison();
        stream.Enter();
        var position = stream.Take().Position;
        var operand = ParseNot();
        stream.Leave();
        return new Expression.Negation(position, operand);
    }

    private Expression ParseComparison()
    {
        var position = stream.Position;
        var first = ParseSum();
        var rest = new List<(ComparisonOperator, Expression)>();
        while (true)
        {
            if (stream.Current.Kind == TokenKind.Operator && Comparisons.TryGetValue(stream.Current.Text, out var comparison))
                stream.Take();
            else if (stream.SkipName("in"))
                comparison = ComparisonOperator.In;
            else if (stream.IsName("not") && stream.Next.Is(TokenKind.Name, "in"))
                (comparison, _, _) = (ComparisonOperator.NotIn, stream.Take(), stream.Take());
            else
                break;
            rest.Add((comparison, ParseSum()));
        }
        return rest.Count == 0 ? first : new Expression.Comparison(position, first, rest);
    }

    private Expression ParseSum()
    {
        var left = ParseConcatenation();
        while (stream.IsOperator("+") || stream.IsOperator("-"))
        {
            var token = stream.Take();
            left = new Expression.Binary(token.Position, token.Text == "+" ? BinaryOperator.Add : BinaryOperator.Subtract, left, ParseConcatenation());
        }
        return left;
    }

    private Expression ParseConcatenation()
    {
        var position = stream.Position;
        var first = ParseProduct();
        if (!stream.IsOperator("~"))
            return first;
        var parts = new List<Expression> { first };
        while (stream.SkipOperator("~"))
            parts.Add(ParseProduct());
        return new Expression.Concatenation(position, parts);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (stream.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            var token = stream.Take();
            var product = token.Text switch
            {
                "*" => BinaryOperator.Multiply,
                "/" => BinaryOperator.Divide,
                "//" => BinaryOperator.FloorDivide,
                _ => BinaryOperator.Modulo,
            };
            left = new Expression.Binary(token.Position, product, left, ParsePower());
        }
        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseSigned(withFilters: true);
        while (stream.IsOperator("**"))
        {
            var position = stream.Take().Position;
            left = new Expression.Binary(position, BinaryOperator.Power, left, ParseSigned(withFilters: true));
        }
        return left;
    }

    private Expression ParseSigned(bool withFilters)
    {
        Expression value;
        if (stream.IsOperator("-") || stream.IsOperator("+"))
        {
            stream.Enter();
            var token = stream.Take();
            value = new Expression.Sign(token.Position, ParseSigned(withFilters: false), token.Text == "-");
            stream.Leave();
        }
        else
        {
            value = ParsePrimary();
        }
        value = ParsePostfix(value);
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            var position = stream.Position;
            if (stream.SkipOperator("|"))
                value = ParseFilters(value);
            else if (stream.SkipName("is"))
                value = ParseTest(value, position);
            else if (stream.IsOperator("("))
                value = new Expression.Call(position, value, ParseArguments());
            else
                return value;
        }
    }

    private Expression.Test ParseTest(Expression value, SourcePosition position)
    {
        var negated = stream.SkipName("not");
        var name = ParseDottedName("the name of a test");
        var arguments = Arguments.None;
        if (stream.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (stream.IsName("is"))
        {
            throw stream.Wrong("tests cannot be chained with is: join them with and");
        }
        else if (stream.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || (stream.Current.Kind == TokenKind.Name && stream.Current.Text is not ("else" or "or" or "and" or "if" or "not" or "in" or "recursive"))
            || stream.IsOperator("[") || stream.IsOperator("{"))
        {
            stream.Enter();
            arguments = new Arguments([ParsePostfix(ParsePrimary())], []);
            stream.Leave();
        }
        return new Expression.Test(position, value, name, arguments, negated);
    }

    private string ParseDottedName(string what)
    {
        var name = stream.Expect(TokenKind.Name, what).Text;
        while (stream.SkipOperator("."))
            name += "." + stream.Expect(TokenKind.Name, what).Text;
        return name;
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            var position = stream.Position;
            if (stream.SkipOperator("."))
                value = ParseMember(value, position);
            else if (stream.SkipOperator("["))
                value = ParseSubscript(value, position);
            else if (stream.IsOperator("("))
                value = new Expression.Call(position, value, ParseArguments());
            else
                return value;
        }
    }

    private Expression ParseMember(Expression target, SourcePosition position) => stream.Current.Kind switch
    {
        TokenKind.Name => new Expression.Attribute(position, target, stream.Take().Text),
        TokenKind.Integer => new Expression.Item(position, target, ParseNumber()),
        _ => throw stream.Unexpected("a name behind the dot"),
    };

    private Expression ParseSubscript(Expression target, SourcePosition position)
    {
        var from = stream.IsOperator(":") ? null : Parse();
        if (!stream.IsOperator(":"))
        {
            stream.ExpectOperator("]");
            return new Expression.Item(position, target, from!);
        }
        stream.Take();
        var to = stream.IsOperator(":") || stream.IsOperator("]") ? null : Parse();
        var by = stream.SkipOperator(":") && !stream.IsOperator("]") ? Parse() : null;
        stream.ExpectOperator("]");
        return new Expression.Slice(position, target, from, to, by);
    }

    private Expression ParsePrimary()
    {
        var position = stream.Position;
        switch (stream.Current.Kind)
        {
            case TokenKind.Name:
                return ParseName();
            case TokenKind.String:
                return ParseString();
            case TokenKind.Integer or TokenKind.Float:
                return ParseNumber();
            case TokenKind.Operator when stream.SkipOperator("("):
                return ParseParentheses(position);
            case TokenKind.Operator when stream.SkipOperator("["):
                return new Expression.Sequence(position, ParseItems("]"), IsTuple: false);
            case TokenKind.Operator when stream.SkipOperator("{"):
                return ParseMap(position);
            default:
                throw stream.Unexpected("an expression");
        }
    }

    private Expression ParseName()
    {
        var token = stream.Take();
        return token.Text switch
        {
            "true" or "True" => new Expression.Constant(token.Position, BooleanValue.True),
            "false" or "False" => new Expression.Constant(token.Position, BooleanValue.False),
            "none" or "None" => new Expression.Constant(token.Position, NoneValue.Instance),
            "if" or "else" or "and" or "or" or "not" or "in" or "is" => throw new ChatTemplateException(token.Position, $"expected an expression, but there is '{token.Text}'"),
            _ => new Expression.Variable(token.Position, token.Text),
        };
    }

    /// <summary>Strings that follow one another are one.</summary>
    private Expression.Constant ParseString()
    {
        var first = stream.Take();
        if (stream.Current.Kind != TokenKind.String)
            return new Expression.Constant(first.Position, TextValue.OfTemplate(first.Text));
        var text = new StringBuilder(first.Text);
        while (stream.Current.Kind == TokenKind.String)
            text.Append(stream.Take().Text);
        return new Expression.Constant(first.Position, TextValue.OfTemplate(text.ToString()));
    }

    private Expression.Constant ParseNumber()
    {
        var token = stream.Take();
        if (token.Kind == TokenKind.Float)
            return new Expression.Constant(token.Position, new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture)));
        return new Expression.Constant(token.Position, new IntegerValue(IntegerLiteral.Parse(token)));
    }

    private Expression ParseParentheses(SourcePosition position)
    {
        if (stream.SkipOperator(")"))
            return new Expression.Sequence(position, [], IsTuple: true);
        var value = ParseTuple();
        stream.ExpectOperator(")");
        return value;
    }

    private List<Expression> ParseItems(string end)
    {
        var items = new List<Expression>();
        while (!stream.SkipOperator(end))
        {
            items.Add(Parse());
            if (!stream.IsOperator(end))
                stream.ExpectOperator(",");
        }
        return items;
    }

    private Expression.Map ParseMap(SourcePosition position)
    {
        var items = new List<(Expression, Expression)>();
        while (!stream.SkipOperator("}"))
        {
            var key = Parse();
            stream.ExpectOperator(":");
            items.Add((key, Parse()));
            if (!stream.IsOperator("}"))
                stream.ExpectOperator(",");
        }
        return new Expression.Map(position, items);
    }
}
