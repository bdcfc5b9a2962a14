using CsCheck;
using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Tests.KvCache;

public sealed class PrefixTreeTests
{
    /// <summary>Few tokens and few owners, so that paths part, meet and end inside each other.</summary>
    private static readonly Gen<(int Operation, int Owner, int[] Tokens, int Length)[]> Operations =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7], Gen.Int[0, 2].Array[0, 6], Gen.Int[0, 12]).Array[1, 60];

    [Fact]
    public void It_finds_what_a_search_through_all_paths_finds() => Operations.Sample(operations =>
    {
        var tree = new PrefixTree<string>();
        var owners = Enumerable.Range(0, 8).Select(i => $"owner {i}").ToArray();
        var paths = new Dictionary<string, List<int>>();
        foreach (var (operation, number, tokens, length) in operations)
        {
            var owner = owners[number];
            switch (operation)
            {
                case 0:
                    tree.Remove(owner);
                    paths.Remove(owner);
                    break;
                case 1 when paths.TryGetValue(owner, out var path):
                    tree.Cut(owner, length);
                    if (length < path.Count)
                        path.RemoveRange(length, path.Count - length);
                    break;
                case > 1:
                    tree.Extend(owner, tokens);
                    paths.TryAdd(owner, []);
                    paths[owner].AddRange(tokens);
                    break;
            }
            Compare(tree, paths, tokens);
        }
        foreach (var owner in owners)
            tree.Remove(owner);
        Assert.Equal(0, tree.Owners);
        Assert.Equal(0, tree.Edges);
    });

    [Fact]
    public void A_path_that_grows_alone_stays_one_edge()
    {
        var tree = new PrefixTree<string>();
        for (var i = 0; i < 1000; i++)
            tree.Extend("a", [i % 7]);
        Assert.Equal(1, tree.Edges);
        Assert.Equal(("a", 1000), tree.Match([.. Enumerable.Range(0, 2000).Select(i => i % 7)]));
    }

    [Fact]
    public void Two_that_grow_together_stay_two_edges_and_part_where_they_differ()
    {
        var tree = new PrefixTree<string>();
        for (var i = 0; i < 100; i++)
        {
            tree.Extend("a", [i]);
            tree.Extend("b", [i]);
        }
        Assert.Equal(1, tree.Edges);
        Assert.Equal(100, tree.SharedLength("a"));
        tree.Extend("a", [1]);
        tree.Extend("b", [2]);
        Assert.Equal(3, tree.Edges);
        Assert.Equal(100, tree.SharedLength("a"));
        Assert.Equal(101, tree.Length("a"));
        tree.Remove("b");
        Assert.Equal(1, tree.Edges);
        Assert.Equal(0, tree.SharedLength("a"));
    }

    private static void Compare(PrefixTree<string> tree, Dictionary<string, List<int>> paths, int[] asked)
    {
        Assert.Equal(paths.Count, tree.Owners);
        Assert.True(tree.Edges <= 2 * Math.Max(paths.Count, 1), $"{tree.Edges} edges for {paths.Count} owners");
        foreach (var (owner, path) in paths)
        {
            Assert.Equal(path.Count, tree.Length(owner));
            var shared = paths.Where(other => other.Key != owner).Select(other => Common(other.Value, path)).DefaultIfEmpty(0).Max();
            Assert.Equal(shared, tree.SharedLength(owner));
            int[] beyond = [.. path, 1];
            Check(beyond);
        }
        Check(asked);

        void Check(int[] tokens)
        {
            var best = paths.Values.Select(path => Common(path, tokens)).DefaultIfEmpty(0).Max();
            var (owner, length) = tree.Match(tokens);
            Assert.Equal(best, length);
            if (best == 0)
                Assert.Null(owner);
            else
                Assert.Equal(best, Common(paths[owner!], tokens));
        }
    }

    private static int Common(IReadOnlyList<int> x, IReadOnlyList<int> y) => x.Zip(y).TakeWhile(pair => pair.First == pair.Second).Count();
}
