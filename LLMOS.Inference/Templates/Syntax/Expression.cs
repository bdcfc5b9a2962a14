using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Syntax;

/// <summary>What has a value.</summary>
internal abstract record Expression(SourcePosition Position)
{
    public sealed record Constant(SourcePosition Position, Value Value) : Expression(Position);

    public sealed record Variable(SourcePosition Position, string Name) : Expression(Position);

    public sealed record Sequence(SourcePosition Position, IReadOnlyList<Expression> Items, bool IsTuple) : Expression(Position);

    public sealed record Map(SourcePosition Position, IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression(Position);

    public sealed record Attribute(SourcePosition Position, Expression Target, string Name) : Expression(Position);

    public sealed record Item(SourcePosition Position, Expression Target, Expression Index) : Expression(Position);

    public sealed record Slice(SourcePosition Position, Expression Target, Expression? From, Expression? To, Expression? By) : Expression(Position);

    public sealed record Call(SourcePosition Position, Expression Target, Arguments Arguments) : Expression(Position);

    /// <summary>A filter without a target is the first of a block, whose text it gets.</summary>
    public sealed record Filter(SourcePosition Position, Expression? Target, string Name, Arguments Arguments) : Expression(Position);

    public sealed record Test(SourcePosition Position, Expression Target, string Name, Arguments Arguments, bool IsNegated) : Expression(Position);

    public sealed record Negation(SourcePosition Position, Expression Operand) : Expression(Position);

    /// <summary>Minus, or plus, which asks for a number and changes nothing.</summary>
    public sealed record Sign(SourcePosition Position, Expression Operand, bool IsMinus) : Expression(Position);

    public sealed record Binary(SourcePosition Position, BinaryOperator Operator, Expression Left, Expression Right) : Expression(Position);

    /// <summary><c>a &lt; b &lt;= c</c> compares each with the next.</summary>
    public sealed record Comparison(SourcePosition Position, Expression First, IReadOnlyList<(ComparisonOperator Operator, Expression Operand)> Rest) : Expression(Position);

    /// <summary>And, or or.</summary>
    public sealed record Logical(SourcePosition Position, Expression Left, Expression Right, bool IsAnd) : Expression(Position);

    public sealed record Concatenation(SourcePosition Position, IReadOnlyList<Expression> Parts) : Expression(Position);

    public sealed record Conditional(SourcePosition Position, Expression Condition, Expression Then, Expression? Else) : Expression(Position);
}
