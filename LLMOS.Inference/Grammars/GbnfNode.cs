namespace LLMOS.Inference.Grammars;

/// <summary>A place in a compiled grammar. It is compared by reference.</summary>
internal sealed class GbnfNode(GbnfNodeKind kind)
{
    public static GbnfNode Return { get; } = new(GbnfNodeKind.Return);

    public GbnfNodeKind Kind { get; } = kind;

    /// <summary>What a <see cref="GbnfNodeKind.Character"/> may be.</summary>
    public CodePointSet Characters { get; init; } = CodePointSet.Empty;

    /// <summary>The places of a <see cref="GbnfNodeKind.Choice"/>; the one that a call or a repetition goes into. Rules refer to each other, so it is filled later.</summary>
    public IReadOnlyList<GbnfNode> Targets { get; set; } = [];

    /// <summary>Where it goes on; itself where there is no such place.</summary>
    public GbnfNode Next { get => field ?? this; init; }

    /// <summary>How often a <see cref="GbnfNodeKind.Repeat"/> goes into its body.</summary>
    public GbnfRepetition Repetition { get; init; }
}
