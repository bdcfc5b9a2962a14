using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Syntax;

/// <summary>What does something: prints, assigns, repeats.</summary>
internal abstract record Statement(SourcePosition Position)
{
    public sealed record Text(SourcePosition Position, TextValue Value) : Statement(Position);

    public sealed record Print(SourcePosition Position, Expression Value) : Statement(Position);

    public sealed record If(SourcePosition Position, IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else) : Statement(Position);

    /// <summary>Goes through the items that pass the filter; an item is given to the target, or unpacked to several.</summary>
    public sealed record For(
        SourcePosition Position,
        IReadOnlyList<string> Targets,
        Expression Items,
        Expression? Filter,
        IReadOnlyList<Statement> Body,
        IReadOnlyList<Statement> Else,
        bool IsRecursive) : Statement(Position);

    /// <summary>Sets a variable, several that the value is unpacked to, or an attribute of the namespace that the target names.</summary>
    public sealed record Set(SourcePosition Position, IReadOnlyList<string> Targets, string? Attribute, Expression Value) : Statement(Position);

    public sealed record SetBlock(SourcePosition Position, string Target, string? Attribute, Expression.Filter? Filter, IReadOnlyList<Statement> Body) : Statement(Position);

    public sealed record Macro(SourcePosition Position, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement(Position);

    /// <summary>Calls a macro that may print the body with <c>caller()</c>.</summary>
    public sealed record CallBlock(SourcePosition Position, Macro Caller, Expression.Call Call) : Statement(Position);

    public sealed record FilterBlock(SourcePosition Position, Expression.Filter Filter, IReadOnlyList<Statement> Body) : Statement(Position);

    /// <summary>A scope of its own: <c>with</c>, and <c>generation</c>, which only marks what an assistant wrote.</summary>
    public sealed record Scoped(SourcePosition Position, IReadOnlyList<(string Name, Expression Value)> Variables, IReadOnlyList<Statement> Body) : Statement(Position);

    public sealed record Break(SourcePosition Position) : Statement(Position);

    public sealed record Continue(SourcePosition Position) : Statement(Position);
}
