using System.Collections.Immutable;
using CsCheck;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Tests.SystemInterface;

public sealed class TreeWalkTests
{
    // Few at a time, so that directories take several lists.
    private const int Page = 3;

    private static readonly Gen<string[]> AnyTree = Gen.Char["abcde"].Select(name => $"{name}").Array[1, 4].Select(names => string.Join('/', names)).Array[0, 40];

    [Fact]
    public void It_comes_to_everything_once_in_order_and_goes_on_wherever_it_was_left() => AnyTree.Select(Gen.Int[0, 5], Gen.Int[1, 7]).Sample((paths, depth, part) =>
    {
        var tree = Tree(paths);
        var expected = tree.Where(path => Levels(path) <= depth).ToList();
        Assert.Equal(expected, Walk(tree, "", depth));

        // In parts, each of which begins where the one before was left.
        var found = new List<string>();
        for (var after = ""; Walk(tree, after, depth).Take(part).ToList() is { Count: > 0 } some; after = some[^1])
        {
            found.AddRange(some);
        }

        Assert.Equal(expected, found);
    });

    [Fact]
    public void Where_it_goes_on_behind_may_be_gone_by_then()
    {
        var tree = Tree(["a/b/c", "a/d", "e"]);
        tree.RemoveWhere(path => VfsPath.IsWithin(path, "/a/b"));
        Assert.Equal(["/a/d", "/e"], Walk(tree, "/a/b/c", 9));
        tree.RemoveWhere(path => VfsPath.IsWithin(path, "/a"));
        Assert.Equal(["/e"], Walk(tree, "/a/b/c", 9));
    }

    private static SortedSet<string> Tree(string[] paths)
    {
        // A path before what is below it, and that before its next neighbour.
        var tree = new SortedSet<string>(Comparer<string>.Create((one, other) => string.CompareOrdinal(one.Replace('/', '\0'), other.Replace('/', '\0')))) { "/" };
        foreach (var path in paths)
        {
            for (var above = $"/{path}"; above != "/"; above = VfsPath.ParentOf(above))
            {
                tree.Add(above);
            }
        }

        return tree;
    }

    private static List<string> Walk(SortedSet<string> tree, string after, int depth)
    {
        var walk = new TreeWalk((directory, name) => Task.FromResult<ImmutableArray<FileNode>>(
            [.. tree.Where(path => path != "/" && VfsPath.ParentOf(path) == directory && string.CompareOrdinal(VfsPath.NameOf(path), name) > 0).Take(Page).Select(Node)]));
        return walk.GoAsync(Node("/"), after, depth).ToBlockingEnumerable(TestContext.Current.CancellationToken).Select(node => node.Path).ToList();
    }

    private static FileNode Node(string path) => new() { Path = path, Kind = NodeKind.Directory, Owner = "owner" };

    private static int Levels(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Length;
}
