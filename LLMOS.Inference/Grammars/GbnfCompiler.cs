namespace LLMOS.Inference.Grammars;

/// <summary>Turns a grammar into places that a <see cref="GbnfMatcher"/> walks. Repetitions stay counters instead of being written out.</summary>
internal sealed class GbnfCompiler
{
    private static readonly CodePointSet Zero = CodePointSet.Of(0);

    private readonly Dictionary<string, GbnfNode> _entries = new(StringComparer.Ordinal);

    private GbnfCompiler()
    {
    }

    /// <summary>The place to begin at.</summary>
    public static GbnfNode Compile(GbnfGrammar grammar)
    {
        var compiler = new GbnfCompiler();
        foreach (var name in grammar.Rules.Keys)
            compiler._entries[name] = new GbnfNode(GbnfNodeKind.Choice);
        foreach (var (name, alternatives) in grammar.Rules)
            compiler._entries[name].Targets = compiler.Alternatives(alternatives, GbnfNode.Return);
        return compiler._entries[grammar.Root];
    }

    private List<GbnfNode> Alternatives(IReadOnlyList<IReadOnlyList<GbnfItem>> alternatives, GbnfNode next)
    {
        var starts = new List<GbnfNode>(alternatives.Count);
        foreach (var sequence in alternatives)
        {
            var start = next;
            for (var i = sequence.Count - 1; i >= 0; i--)
                start = Item(sequence[i], sequence[i].Repetitions.Count, start);
            starts.Add(start);
        }
        return starts;
    }

    /// <summary>An item with so many of its repetitions.</summary>
    private GbnfNode Item(GbnfItem item, int repetitions, GbnfNode next)
    {
        if (repetitions == 0)
            return Content(item, next);
        var repetition = item.Repetitions[repetitions - 1];
        return repetition is { Least: 0, Most: 1 }
            ? new GbnfNode(GbnfNodeKind.Choice) { Targets = [Item(item, repetitions - 1, next), next] }
            : new GbnfNode(GbnfNodeKind.Repeat) { Targets = [Item(item, repetitions - 1, GbnfNode.Return)], Repetition = repetition, Next = next };
    }

    private GbnfNode Content(GbnfItem item, GbnfNode next)
    {
        if (item.Rule is not null)
            return new GbnfNode(GbnfNodeKind.Call) { Targets = [_entries[item.Rule]], Next = next };
        if (item.Group is not null)
            return new GbnfNode(GbnfNodeKind.Choice) { Targets = Alternatives(item.Group, next) };
        var start = next;
        for (var i = item.Characters.Count - 1; i >= 0; i--)
        {
            // llama.cpp takes a zero for the end of a token, so that none ever fits.
            var characters = item.Characters[i].Contains(0) ? item.Characters[i].Except(Zero) : item.Characters[i];
            start = new GbnfNode(GbnfNodeKind.Character) { Characters = characters, Next = start };
        }
        return start;
    }
}
