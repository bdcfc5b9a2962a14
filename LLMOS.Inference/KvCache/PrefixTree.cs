using System.Runtime.InteropServices;

namespace LLMOS.Inference.KvCache;

/// <summary>
/// A radix tree over token ids: who has computed which beginning. Each owner has one path; the longest beginning of a prompt that any owner has is found in the
/// time it takes to read it. Pure: knows nothing of cells.
/// </summary>
/// <typeparam name="TOwner">Compared by reference.</typeparam>
internal sealed class PrefixTree<TOwner>
    where TOwner : class
{
    private readonly Node _root = new(null, []);
    private readonly Dictionary<TOwner, (Node Node, int Length)> _ends = new(ReferenceEqualityComparer.Instance);

    /// <summary>Owners that have a path.</summary>
    public int Owners => _ends.Count;

    /// <summary>Edges of the tree: at most twice the owners, since what no owner parts at is one edge.</summary>
    public int Edges { get; private set; }

    public bool Contains(TOwner owner) => _ends.ContainsKey(owner);

    /// <summary>Tokens of an owner's path; 0 when it has none.</summary>
    public int Length(TOwner owner) => _ends.TryGetValue(owner, out var end) ? end.Length : 0;

    /// <summary>How many of an owner's first tokens some other owner has, too.</summary>
    public int SharedLength(TOwner owner)
    {
        if (!_ends.TryGetValue(owner, out var end))
            return 0;
        // An edge that ends where nobody else ends or goes on is the owner's alone, and the edge above it is not.
        return end.Node.Owners.Count > 1 || end.Node.Children.Count > 0 ? end.Length : end.Length - end.Node.Tokens.Count;
    }

    /// <summary>Makes an owner's path longer by these tokens; an owner without a path gets one.</summary>
    public void Extend(TOwner owner, ReadOnlySpan<int> tokens)
    {
        var known = _ends.TryGetValue(owner, out var end);
        var from = known ? end.Node : _root;
        if (known && tokens.IsEmpty)
            return;
        if (known && from != _root && from.Owners.Count == 1 && from.Children.Count == 0)
        {
            from.Tokens.AddRange(tokens);
            _ends[owner] = (from, end.Length + tokens.Length);
            return;
        }
        if (known)
            from.Owners.Remove(owner);
        Place(owner, Walk(from, tokens), end.Length + tokens.Length);
        Compact(from);
    }

    /// <summary>Cuts an owner's path to its first tokens.</summary>
    public void Cut(TOwner owner, int length)
    {
        if (!_ends.TryGetValue(owner, out var end) || length >= end.Length)
            return;
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        end.Node.Owners.Remove(owner);
        var node = end.Node;
        var at = end.Length;
        while (node.Parent is { } parent && at - node.Tokens.Count >= length)
        {
            at -= node.Tokens.Count;
            node = parent;
        }
        if (at > length)
            node = Split(node, node.Tokens.Count - (at - length));
        Place(owner, node, length);
        Compact(end.Node);
    }

    public void Remove(TOwner owner)
    {
        if (!_ends.Remove(owner, out var end))
            return;
        end.Node.Owners.Remove(owner);
        Compact(end.Node);
    }

    /// <summary>The longest beginning of these tokens that an owner has, and such an owner; no owner when it is empty.</summary>
    public (TOwner? Owner, int Length) Match(ReadOnlySpan<int> tokens)
    {
        var node = _root;
        var matched = 0;
        while (matched < tokens.Length && node.Children.TryGetValue(tokens[matched], out var child))
        {
            node = child;
            var common = CollectionsMarshal.AsSpan(child.Tokens).CommonPrefixLength(tokens[matched..]);
            matched += common;
            if (common < child.Tokens.Count)
                break;
        }
        if (matched == 0)
            return (null, 0);
        while (node.Owners.Count == 0)
            node = node.Children.Values.First();
        return (node.Owners[0], matched);
    }

    /// <summary>The node at the end of tokens that follow a node's, made if it is not there.</summary>
    private Node Walk(Node node, ReadOnlySpan<int> tokens)
    {
        while (!tokens.IsEmpty)
        {
            if (!node.Children.TryGetValue(tokens[0], out var child))
            {
                child = new Node(node, [.. tokens]);
                node.Children.Add(tokens[0], child);
                Edges++;
                return child;
            }
            var common = CollectionsMarshal.AsSpan(child.Tokens).CommonPrefixLength(tokens);
            node = common < child.Tokens.Count ? Split(child, common) : child;
            tokens = tokens[common..];
        }
        return node;
    }

    /// <summary>Divides an edge after so many of its tokens and returns the new node between.</summary>
    private Node Split(Node node, int at)
    {
        var parent = node.Parent!;
        var upper = new Node(parent, node.Tokens.GetRange(0, at));
        parent.Children[upper.Tokens[0]] = upper;
        node.Tokens.RemoveRange(0, at);
        node.Parent = upper;
        upper.Children.Add(node.Tokens[0], node);
        Edges++;
        return upper;
    }

    private void Place(TOwner owner, Node node, int length)
    {
        node.Owners.Add(owner);
        _ends[owner] = (node, length);
    }

    /// <summary>Removes a node at which nothing ends or parts any more.</summary>
    private void Compact(Node node)
    {
        while (node.Parent is { } parent && node.Owners.Count == 0 && node.Children.Count == 0)
        {
            parent.Children.Remove(node.Tokens[0]);
            Edges--;
            node = parent;
        }
        if (node.Parent is null || node.Owners.Count > 0 || node.Children.Count != 1)
            return;
        var child = node.Children.Values.First();
        node.Tokens.AddRange(child.Tokens);
        node.Children = child.Children;
        foreach (var grandchild in node.Children.Values)
            grandchild.Parent = node;
        node.Owners = child.Owners;
        foreach (var owner in node.Owners)
            _ends[owner] = (node, _ends[owner].Length);
        Edges--;
    }

    private sealed class Node(Node? parent, List<int> tokens)
    {
        public Node? Parent { get; set; } = parent;

        /// <summary>The tokens on the edge that leads here.</summary>
        public List<int> Tokens { get; } = tokens;

        /// <summary>By the first token of their edges.</summary>
        public Dictionary<int, Node> Children { get; set; } = [];

        /// <summary>Whose paths end here.</summary>
        public List<TOwner> Owners { get; set; } = [];
    }
}
