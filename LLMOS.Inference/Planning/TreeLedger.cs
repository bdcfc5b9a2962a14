namespace LLMOS.Inference.Planning;

/// <summary>Weighted tokens by process tree. It forgets the trees that were longest without service, so that it stays small.</summary>
/// <param name="capacity">Trees that are remembered at least; at least 1.</param>
public sealed class TreeLedger(int capacity = 4096)
{
    private readonly Dictionary<string, (double Service, long Charged)> _trees = new(StringComparer.Ordinal);
    private long _charges;

    public double ServiceOf(string tree) => _trees.GetValueOrDefault(tree).Service;

    public void Charge(string tree, double tokens)
    {
        _trees[tree] = (ServiceOf(tree) + tokens, ++_charges);
        if (_trees.Count > 2 * capacity)
            Forget();
    }

    private void Forget()
    {
        var oldest = _trees.Values.Select(tree => tree.Charged).Order().Skip(_trees.Count - capacity).First();
        foreach (var (tree, entry) in _trees)
        {
            if (entry.Charged < oldest)
                _trees.Remove(tree);
        }
    }
}
