namespace LLMOS.Inference.Grammars;

/// <summary>Where a rule or the body of a repetition goes back to. Frames with equal contents are one object, so stacks are compared by reference.</summary>
/// <param name="node">Where to go on.</param>
/// <param name="count">How often the body of a repetition was gone into.</param>
/// <param name="parent">The rest of the stack; null at its bottom.</param>
internal sealed class GbnfFrame(GbnfNode node, int count, GbnfFrame? parent)
{
    public GbnfNode Node { get; } = node;

    public int Count { get; } = count;

    public GbnfFrame? Parent { get; } = parent;
}
