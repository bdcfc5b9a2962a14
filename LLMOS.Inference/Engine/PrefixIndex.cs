using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Engine;

/// <summary>A prefix tree for each scope. Belongs to the owner thread.</summary>
internal sealed class PrefixIndex
{
    private readonly Dictionary<PrefixScope, PrefixTree<Sequence>> _trees = [];

    /// <summary>Grows whenever a longer or shorter match than before may be found; tokens that are decoded do not count.</summary>
    public long Epoch { get; private set; } = 1;

    /// <summary>Makes the path of a sequence its first tokens.</summary>
    /// <param name="sequence">Whose path.</param>
    /// <param name="tokens">All of it.</param>
    /// <param name="isNews">Whether others may wait for it.</param>
    public void Set(Sequence sequence, ReadOnlySpan<int> tokens, bool isNews = true)
    {
        if (!_trees.TryGetValue(sequence.Scope, out var tree))
        {
            if (tokens.IsEmpty)
                return;
            _trees.Add(sequence.Scope, tree = new PrefixTree<Sequence>());
        }
        var length = tree.Length(sequence);
        if (length == tokens.Length)
            return;
        if (isNews)
            Epoch++;
        if (tokens.IsEmpty)
            Remove(sequence);
        else if (tokens.Length > length)
            tree.Extend(sequence, tokens[length..]);
        else
            tree.Cut(sequence, tokens.Length);
    }

    public void Remove(Sequence sequence)
    {
        if (!_trees.TryGetValue(sequence.Scope, out var tree) || !tree.Contains(sequence))
            return;
        Epoch++;
        tree.Remove(sequence);
        if (tree.Owners == 0)
            _trees.Remove(sequence.Scope);
    }

    public void Clear()
    {
        _trees.Clear();
        Epoch++;
    }

    /// <summary>How many of a sequence's first tokens another of its scope has, too.</summary>
    public int SharedLength(Sequence sequence) => _trees.TryGetValue(sequence.Scope, out var tree) ? tree.SharedLength(sequence) : 0;

    /// <summary>The longest beginning that any sequence has that this one may see.</summary>
    public (Sequence? Owner, int Length) Match(Sequence sequence, ReadOnlySpan<int> tokens)
    {
        var best = MatchIn(sequence.Scope, tokens);
        foreach (var domain in sequence.Current?.Request.ReadableDomains ?? [])
        {
            if (best.Length == tokens.Length)
                break;
            var other = MatchIn(sequence.Scope with { Domain = domain, Family = null }, tokens);
            if (other.Length > best.Length)
                best = other;
        }
        return best;
    }

    private (Sequence? Owner, int Length) MatchIn(PrefixScope scope, ReadOnlySpan<int> tokens) =>
        _trees.TryGetValue(scope, out var tree) ? tree.Match(tokens) : (null, 0);
}
