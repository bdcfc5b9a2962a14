namespace LLMOS.Inference.Templates.Syntax;

/// <summary>What a call, a filter or a test is given.</summary>
internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static Arguments None { get; } = new([], []);
}
