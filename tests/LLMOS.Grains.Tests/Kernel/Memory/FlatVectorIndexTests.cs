using System.Numerics.Tensors;
using CsCheck;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Tests.Kernel.Memory;

public sealed class FlatVectorIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(384)]
    public void A_product_of_integers_is_exact(int length) => Gen.SByte[-127, 127].Array[length].Select(Gen.SByte[-127, 127].Array[length])
        .Sample(pair => Int8Vectors.Dot(pair.Item1, pair.Item2) == pair.Item1.Zip(pair.Item2, (x, y) => x * y).Sum(), iter: 200);

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(70)]
    [InlineData(384)]
    public void Products_with_many_are_those_with_each(int length) => Gen.SByte[-127, 127].Array[length].Select(Gen.SByte[-127, 127].Array[length].Array[0, 11]).Sample(
        pair =>
        {
            var sums = new int[pair.Item2.Length];
            Int8Vectors.Dots(pair.Item1, pair.Item2.SelectMany(vector => vector).ToArray(), sums);
            return sums.SequenceEqual(pair.Item2.Select(vector => Int8Vectors.Dot(pair.Item1, vector)));
        },
        iter: 50);

    /// <summary>Adds, replaces and removes at random, and finds what a sort of all floats finds, but for the error of the rounding.</summary>
    [Fact]
    public void It_finds_what_a_scan_of_floats_finds_after_any_changes()
    {
        const int Dimension = 48;
        var random = new Random(11);
        var index = new FlatVectorIndex(Dimension);
        var model = new Dictionary<long, (long Group, float[] Vector)>();
        for (var step = 0; step < 12_000; step++)
        {
            var id = random.NextInt64(6_000);
            if (random.Next(3) == 0)
            {
                Assert.Equal(model.Remove(id), index.Remove(id));
            }
            else
            {
                var (group, vector) = (random.NextInt64(3), Vector(random, Dimension));
                model[id] = (group, vector);
                index.Add(id, group, vector);
            }
        }

        Assert.Equal(model.Count, index.Count);
        for (var search = 0; search < 20; search++)
        {
            var query = Vector(random, Dimension);
            HashSet<long>? groups = search % 2 == 0 ? null : search % 4 == 1 ? [search % 3] : [search % 3, 99];
            var exact = model.Where(item => groups is null || groups.Contains(item.Value.Group))
                .ToDictionary(item => item.Key, item => TensorPrimitives.Dot<float>(query, item.Value.Vector));
            var hits = new VectorHit[10];
            Assert.Equal(10, index.Search(query, groups, hits));
            Assert.Equal(hits.OrderByDescending(hit => hit.Similarity).Select(hit => hit.Similarity), hits.Select(hit => hit.Similarity));
            Assert.All(hits, hit => Assert.Equal(exact[hit.Id], hit.Similarity, 0.02f));
            var tenth = exact.Values.OrderDescending().ElementAt(9);
            Assert.All(hits, hit => Assert.True(exact[hit.Id] > tenth - 0.03f, $"{exact[hit.Id]} is farther than {tenth}"));
        }
    }

    [Fact]
    public void Vectors_of_another_length_are_refused_and_few_are_all_found()
    {
        var index = new FlatVectorIndex(4);
        var hits = new VectorHit[5];
        Assert.Equal(0, index.Search([1, 0, 0, 0], null, hits));
        index.Add(7, 0, [0, 1, 0, 0]);
        index.Add(8, 0, [0, 0, 0, 0]);
        Assert.Equal(2, index.Search([0, 1, 0, 0], null, hits));
        Assert.Equal(7, hits[0].Id);
        Assert.Contains("3 floats", Assert.Throws<LlmosException>(() => index.Add(9, 0, [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<LlmosException>(() => index.Search([1], null, hits));
    }

    private static float[] Vector(Random random, int dimension)
    {
        var vector = Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
