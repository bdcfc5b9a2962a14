using System.Collections.Immutable;
using System.Numerics.Tensors;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Security;
using LLMOS.Tests.Running.Security;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Embeddings;

/// <summary>Collections on a running system with its real store.</summary>
public sealed class EmbeddingStoreTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const int Dimension = 24;

    private IEmbeddingStoreGrain Store => fixture.System.Grains.GetGrain<IEmbeddingStoreGrain>(0);

    [Fact]
    public async Task Records_are_found_by_meaning_by_words_and_by_both_until_they_are_removed()
    {
        var made = await Store.CreateAsync(new CollectionSpec { Name = "kitchen" });
        Assert.Equal((256, "lexical-hash-1/256", 0L), (made.Dimension, made.Embedder, made.Count));
        Assert.Equal(made, await Store.CreateAsync(new CollectionSpec { Name = "kitchen" }));
        await Store.UpsertAsync("kitchen",
        [
            new EmbeddingRecord { Key = "bread", Text = "Knead the dough, let it rise and bake the bread in a hot oven.", Metadata = """{"minutes": 90}""" },
            new EmbeddingRecord { Key = "soup", Text = "Boil water with carrots and leek until the soup is done." },
            new EmbeddingRecord { Key = "moon", Text = "A telescope shows the moons of Jupiter. XK-8337 is its serial number." },
        ]);
        Assert.Equal("bread", (await FindAsync("kitchen", new EmbeddingQuery { Text = "how to bake bread from dough" }))[0].Record.Key);
        Assert.Equal(["moon"], Keys(await FindAsync("kitchen", new EmbeddingQuery { Words = "8337" })));
        Assert.Equal("moon", (await FindAsync("kitchen", new EmbeddingQuery { Text = "bread", Words = "XK-8337 \"AND\" serial*" }))[0].Record.Key);
        Assert.Empty(await FindAsync("kitchen", new EmbeddingQuery { Words = "planet" }));
        Assert.Equal(3, (await Store.FindAsync("kitchen"))!.Count);

        await Store.UpsertAsync("kitchen", [new EmbeddingRecord { Key = "moon", Text = "Cheese melts slowly." }]);
        Assert.Empty(await FindAsync("kitchen", new EmbeddingQuery { Words = "8337" }));
        Assert.Equal("moon", (await FindAsync("kitchen", new EmbeddingQuery { Text = "melting cheese" }))[0].Record.Key);
        Assert.Equal(1, await Store.RemoveAsync("kitchen", ["bread", "stone"]));
        Assert.DoesNotContain("bread", Keys(await FindAsync("kitchen", new EmbeddingQuery { Text = "bake bread from dough" })));
        var left = Assert.Single(await Store.GetAsync("kitchen", ["bread", "soup"], withVectors: true));
        Assert.Equal(1, TensorPrimitives.Norm(left.Vector.AsSpan()), 1e-5f);
        Assert.Equal((2, 2), ((int)(await Store.FindAsync("kitchen"))!.Count, (int)(await Store.FindAsync("kitchen"))!.Removals));
        Assert.Equal(0, (await Store.CompactAsync("kitchen")).Removals);
        Assert.Equal("soup", (await FindAsync("kitchen", new EmbeddingQuery { Text = "leek soup" }))[0].Record.Key);

        Assert.True(await Store.DeleteAsync("kitchen"));
        Assert.False(await Store.DeleteAsync("kitchen"));
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => FindAsync("kitchen", new EmbeddingQuery { Text = "soup" }))).Code);
        Assert.Equal(0, (await Store.CreateAsync(new CollectionSpec { Name = "kitchen" })).Count);
        Assert.Empty(await FindAsync("kitchen", new EmbeddingQuery { Text = "soup", Words = "soup" }));
    }

    /// <summary>Writes, overwrites and removes at random, and finds what a sort of all vectors finds that a filter lets through.</summary>
    [Fact]
    public async Task After_any_changes_it_finds_what_a_sort_of_all_finds_alone_and_in_batches_with_filters_and_without()
    {
        var random = new Random(23);
        await Store.CreateAsync(new CollectionSpec { Name = "chance", Dimension = Dimension, Embedder = Embedders.None });
        var model = new Dictionary<string, (float[] Vector, int Year, string Colour)>();
        for (var round = 0; round < 12; round++)
        {
            var records = Enumerable.Range(0, 150).Select(_ => random.Next(900)).Distinct().Select(number => (
                Key: $"k{number}", Vector: Vector(random), Year: random.Next(1990, 2020), Colour: random.Next(3) switch { 0 => "red", 1 => "green", _ => "blue" })).ToList();
            await Store.UpsertAsync("chance", [.. records.Select(record => new EmbeddingRecord
            {
                Key = record.Key,
                Vector = [.. record.Vector],
                Metadata = $$"""{"year": {{record.Year}}, "colour": "{{record.Colour}}", "tags": ["{{record.Colour}}", "all"], "old": {{(record.Year < 2000 ? "true" : "false")}} }""",
            })]);
            foreach (var record in records)
            {
                model[record.Key] = (record.Vector, record.Year, record.Colour);
            }

            ImmutableArray<string> gone = [.. Enumerable.Range(0, 40).Select(_ => $"k{random.Next(900)}").Distinct()];
            Assert.Equal(gone.Count(model.Remove), await Store.RemoveAsync("chance", gone));
            if (round % 5 == 4)
            {
                await Store.CompactAsync("chance");
            }

            (MetadataFilter? Filter, Func<int, string, string, bool> Holds)[] filters =
            [
                (null, (_, _, _) => true),
                (MetadataFilter.Equal("colour", "red"), (_, colour, _) => colour == "red"),
                (MetadataFilter.And(MetadataFilter.Compare(FilterOperator.GreaterOrEqual, "year", 2000), MetadataFilter.Not(MetadataFilter.In("colour", "red", "blue"))), (year, colour, _) => year >= 2000 && colour == "green"),
                (MetadataFilter.Or(MetadataFilter.Equal("old", true), MetadataFilter.Contains("tags", "blue")), (year, colour, _) => year < 2000 || colour == "blue"),
                (MetadataFilter.Equal("missing", null), (_, _, _) => true),
                (MetadataFilter.Not(MetadataFilter.Compare(FilterOperator.Less, "missing", 5)), (_, _, _) => true),
                (MetadataFilter.Equal("old", 1), (_, _, _) => false),
                (MetadataFilter.In(MetadataFilter.KeyField, "k1", "k2", "k3"), (_, _, key) => key is "k1" or "k2" or "k3"),
            ];
            ImmutableArray<EmbeddingQuery> queries = [.. filters.Select(filter => new EmbeddingQuery { Vector = [.. Vector(random)], Filter = filter.Filter, Limit = 7, Skip = round % 3 })];
            var together = await Store.SearchManyAsync("chance", queries);
            for (var i = 0; i < queries.Length; i++)
            {
                var exact = model.Where(record => filters[i].Holds(record.Value.Year, record.Value.Colour, record.Key))
                    .OrderByDescending(record => TensorPrimitives.Dot<float>(record.Value.Vector, queries[i].Vector.AsSpan()))
                    .Skip(round % 3).Take(7).Select(record => record.Key);
                Assert.Equal(exact, Keys(together[i]));
                Assert.Equal(Keys(together[i]), Keys(await FindAsync("chance", queries[i])));
            }
        }

        var all = new List<string>();
        for (var page = await Store.ScanAsync("chance", limit: 100); page.Length > 0; page = await Store.ScanAsync("chance", after: all[^1], limit: 100))
        {
            all.AddRange(page.Select(record => record.Key));
        }

        Assert.Equal(model.Keys.Order(StringComparer.Ordinal), all);
        Assert.Equal(model.Count, (await Store.FindAsync("chance"))!.Count);
    }

    [Fact]
    public async Task Dot_products_are_of_vectors_as_they_were_written_and_cosines_of_directions()
    {
        foreach (var distance in Enum.GetValues<EmbeddingDistance>())
        {
            var name = $"distance/{distance}";
            await Store.CreateAsync(new CollectionSpec { Name = name, Dimension = 2, Embedder = Embedders.None, Distance = distance });
            await Store.UpsertAsync(name, [Record("long", 3e20f, 4e20f), Record("near", 0, 2), Record("zero", 0, 0)]);
            var found = await FindAsync(name, new EmbeddingQuery { Vector = [0, 0.5f] });
            Assert.Equal(distance == EmbeddingDistance.Cosine ? ["near", "long", "zero"] : ["long", "near", "zero"], Keys(found));
            Assert.Equal(distance == EmbeddingDistance.Cosine ? 1 : 2e20, found[0].Score, distance == EmbeddingDistance.Cosine ? 1e-6 : 1e14);
        }
    }

    [Fact]
    public async Task A_model_embeds_texts_once_and_a_changed_text_again()
    {
        var made = await Store.CreateAsync(new CollectionSpec { Name = "by-model", Embedder = Embedders.OfModel("default") });
        ImmutableArray<EmbeddingRecord> records = [.. Enumerable.Range(0, 4).Select(i => new EmbeddingRecord { Key = $"{i}", Text = $"text number {i}" })];
        await Store.UpsertAsync("by-model", records);
        var before = await LevelAsync();
        await Store.UpsertAsync("by-model", records.SetItem(0, records[0] with { Text = "another text" }), made.Embedder);
        var after = await LevelAsync();
        Assert.Equal((3L, 1L), (after.Hits - before.Hits, after.Misses - before.Misses));
        Assert.True(after is { Pages: > 4, Bytes: > 0 });
        Assert.Equal("2", (await FindAsync("by-model", new EmbeddingQuery { Text = "text number 2" }))[0].Record.Key);
    }

    [Fact]
    public async Task Whose_collection_it_is_not_changes_nothing_unless_it_is_shared()
    {
        await AsAsync("alice", () => Store.CreateAsync(new CollectionSpec { Name = "alices" }));
        await AsAsync("alice", () => Store.CreateAsync(new CollectionSpec { Name = "all", IsShared = true }));
        await AsAsync("bob", () => Store.UpsertAsync("all", [new EmbeddingRecord { Key = "k", Text = "text" }]));
        var refusals = new List<LlmosException>
        {
            await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Store.UpsertAsync("alices", [new EmbeddingRecord { Key = "k", Text = "text" }]))),
            await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Store.RemoveAsync("alices", ["k"]))),
            await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Store.CompactAsync("alices"))),
            await Assert.ThrowsAsync<LlmosException>(() => AsAsync("bob", () => Store.DeleteAsync("all"))),
        };
        Assert.All(refusals, refusal => Assert.Equal(LlmosErrorCode.PermissionDenied, refusal.Code));
        Assert.All(refusals, refusal => Assert.Contains("it is of alice", refusal.Message, StringComparison.Ordinal));
        Assert.Equal(1, (await AsAsync("bob", () => Store.FindAsync("all")))!.Count);
        Assert.True(await AsAsync("alice", () => Store.DeleteAsync("alices")));
    }

    [Fact]
    public async Task A_collection_that_is_removed_leaves_no_index_behind_and_one_of_its_name_begins_with_nothing()
    {
        var random = new Random(4);
        await Store.CreateAsync(new CollectionSpec { Name = "gone", Dimension = Dimension, Embedder = Embedders.None });
        for (var batch = 0; batch < 10; batch++)
        {
            await Store.UpsertAsync("gone", [.. Enumerable.Range(batch * 1_000, 1_000).Select(i => Record($"{i}", Vector(random)))]);
        }

        var folder = Path.Combine(fixture.System.Services.GetRequiredService<LLMOS.Silo.Storage.SqliteStore>().Folder, "index");
        var before = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        await Store.CompactAsync("gone");
        Assert.Equal(before.Length + IVectorIndexGrain.Shards, Directory.GetFiles(folder).Length);

        // With more in memory than was written out.
        await Store.UpsertAsync("gone", [.. Enumerable.Range(0, 1_000).Select(i => Record($"{i}", Vector(random)))]);
        Assert.Equal(10, (await FindAsync("gone", new EmbeddingQuery { Vector = [.. Vector(random)] })).Length);
        Assert.True(await Store.DeleteAsync("gone"));
        Assert.Equal(before.Order(), Directory.GetFiles(folder).Order());
        await Store.CreateAsync(new CollectionSpec { Name = "gone", Dimension = Dimension, Embedder = Embedders.None });
        Assert.Empty(await FindAsync("gone", new EmbeddingQuery { Vector = [.. Vector(random)] }));
        Assert.False(await Store.DeleteAsync("never-there"));
    }

    [Theory]
    [InlineData("dimension", "has 3 floats, and those of the collection 'wrong' (none) have 24")]
    [InlineData("nan", "has NaN at 5")]
    [InlineData("infinity", "Infinity at 23")]
    [InlineData("query", "The vector of the query has 2 floats")]
    [InlineData("query-nan", "NaN")]
    [InlineData("embedder", "are of 'model/other', and those of the collection 'wrong' are of 'none'")]
    [InlineData("text", "Nothing embeds texts for the collection 'wrong'")]
    [InlineData("query-text", "Nothing embeds texts")]
    [InlineData("nothing", "The query is empty")]
    [InlineData("both", "has a text and a vector")]
    [InlineData("limit", "0 results are outside 1 to 1000")]
    [InlineData("key", "a key has 1 to 512 characters")]
    [InlineData("metadata", "use a JSON object")]
    [InlineData("many", "1001 records are outside 1 to 1000")]
    [InlineData("filter", "wants a field and a value")]
    [InlineData("filter-value", "is nothing that metadata are compared with")]
    [InlineData("filter-deep", "more than 32 deep")]
    [InlineData("missing", "There is no collection 'nowhere'")]
    [InlineData("name", "is no name of a collection")]
    [InlineData("unknown", "'gpt' is no embedder")]
    [InlineData("no-dimension", "give it a dimension")]
    [InlineData("other-dimension", "makes vectors of 256 floats, not of 3")]
    [InlineData("taken", "There is a collection 'wrong' of 24 dimensions")]
    public async Task What_is_wrong_is_said_and_changes_nothing(string what, string why)
    {
        await Store.CreateAsync(new CollectionSpec { Name = "wrong", Dimension = Dimension, Embedder = Embedders.None });
        var vector = ImmutableArray.Create(Vector(new Random(1)));
        var deep = MetadataFilter.Equal("a", 1);
        for (var i = 0; i < 40; i++)
        {
            deep = MetadataFilter.Not(deep);
        }

        var good = new EmbeddingRecord { Key = "good", Vector = vector };
        var refusal = await Assert.ThrowsAsync<LlmosException>(Task () => what switch
        {
            "dimension" => Store.UpsertAsync("wrong", [good, Record("k", 1, 2, 3)]),
            "nan" => Store.UpsertAsync("wrong", [good, good with { Key = "k", Vector = vector.SetItem(5, float.NaN) }]),
            "infinity" => Store.UpsertAsync("wrong", [good with { Vector = vector.SetItem(23, float.NegativeInfinity) }]),
            "query" => FindAsync("wrong", new EmbeddingQuery { Vector = [1, 2] }),
            "query-nan" => FindAsync("wrong", new EmbeddingQuery { Vector = vector.SetItem(0, float.NaN) }),
            "embedder" => Store.UpsertAsync("wrong", [good], "model/other"),
            "text" => Store.UpsertAsync("wrong", [good, new EmbeddingRecord { Key = "k", Text = "text" }]),
            "query-text" => FindAsync("wrong", new EmbeddingQuery { Text = "text" }),
            "nothing" => FindAsync("wrong", new EmbeddingQuery { Words = " " }),
            "both" => FindAsync("wrong", new EmbeddingQuery { Text = "text", Vector = vector }),
            "limit" => FindAsync("wrong", new EmbeddingQuery { Vector = vector, Limit = 0 }),
            "key" => Store.UpsertAsync("wrong", [good with { Key = new string('k', 513) }]),
            "metadata" => Store.UpsertAsync("wrong", [good with { Metadata = "[1]" }]),
            "many" => Store.UpsertAsync("wrong", [.. Enumerable.Repeat(good, 1_001)]),
            "filter" => FindAsync("wrong", new EmbeddingQuery { Vector = vector, Filter = new MetadataFilter { Operator = FilterOperator.Less, Field = "a" } }),
            "filter-value" => FindAsync("wrong", new EmbeddingQuery { Vector = vector, Filter = new MetadataFilter { Operator = FilterOperator.In, Field = "a", Values = ["{}"] } }),
            "filter-deep" => FindAsync("wrong", new EmbeddingQuery { Vector = vector, Filter = deep }),
            "missing" => Store.UpsertAsync("nowhere", [good]),
            "name" => Store.CreateAsync(new CollectionSpec { Name = "a b" }),
            "unknown" => Store.CreateAsync(new CollectionSpec { Name = "x", Embedder = "gpt" }),
            "no-dimension" => Store.CreateAsync(new CollectionSpec { Name = "x", Embedder = Embedders.None }),
            "other-dimension" => Store.CreateAsync(new CollectionSpec { Name = "x", Dimension = 3 }),
            _ => Store.CreateAsync(new CollectionSpec { Name = "wrong" }),
        });
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Code, (LlmosErrorCode[])[LlmosErrorCode.InvalidArgument, LlmosErrorCode.NotFound, LlmosErrorCode.FailedPrecondition]);
        Assert.Equal(0, (await Store.FindAsync("wrong"))!.Count);
    }

    private async Task<ImmutableArray<EmbeddingMatch>> FindAsync(string name, EmbeddingQuery query) => await Store.SearchAsync(name, query);

    private async Task<MemoryLevel> LevelAsync() =>
        (await fixture.System.Grains.GetGrain<IMemoryGrain>(0).DescribeAsync())[0].Levels.Single(level => level.Name == "embeddings");

    private static EmbeddingRecord Record(string key, params float[] vector) => new() { Key = key, Vector = [.. vector] };

    private static IEnumerable<string> Keys(ImmutableArray<EmbeddingMatch> matches) => matches.Select(match => match.Record.Key);

    private static Task<T> AsAsync<T>(string principal, Func<Task<T>> call) => Speaking.As(Caller.Of(principal, CallerRole.User), call);

    private static Task AsAsync(string principal, Func<Task> call) => Speaking.As(Caller.Of(principal, CallerRole.User), call);

    private static float[] Vector(Random random)
    {
        var vector = Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
