namespace LLMOS.Inference.Grammars;

/// <summary>One item of a GBNF sequence: text, a reference to a rule, or a group.</summary>
/// <param name="Rule">The rule it refers to; null for anything else.</param>
/// <param name="Group">The alternatives of a group; null for anything else.</param>
/// <param name="MayBeEmpty">Whether it stands for no text at all by itself: an empty literal, or an item that is optional.</param>
/// <param name="IsUnbounded">Whether it may be repeated without end.</param>
/// <param name="Line">Where it is, from 1.</param>
internal sealed record GbnfItem(string? Rule, IReadOnlyList<IReadOnlyList<GbnfItem>>? Group, bool MayBeEmpty, bool IsUnbounded, int Line)
{
    /// <summary>For text: what each of its characters may be. A literal has one member in each set, a class or <c>.</c> is one set.</summary>
    public IReadOnlyList<CodePointSet> Characters { get; init; } = [];

    /// <summary>Whether it stands for a token of the model or for any other than one, which text cannot tell.</summary>
    public bool IsToken { get; init; }

    /// <summary>The repetitions that follow it, the first applied first; none when it stands there once.</summary>
    public IReadOnlyList<GbnfRepetition> Repetitions { get; init; } = [];
}
