namespace LLMOS.Inference.Grammars;

/// <summary>All places at which a grammar may be after a text, each with the stack that leads back from it.</summary>
/// <param name="Heads">Places that take a character.</param>
/// <param name="AllowsEnd">Whether the text may end here.</param>
internal sealed record GbnfStacks(IReadOnlyList<(GbnfNode Node, GbnfFrame? Frame)> Heads, bool AllowsEnd)
{
    /// <summary>Whether a character may come next.</summary>
    public bool Allows(int character)
    {
        foreach (var (node, _) in Heads)
        {
            if (node.Characters.Contains(character))
                return true;
        }
        return false;
    }
}
