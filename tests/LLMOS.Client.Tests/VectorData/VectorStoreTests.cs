#pragma warning disable xUnit1051 // The store has time limits of its own.
using System.Linq.Expressions;
using LLMOS.Client.VectorData;
using LLMOS.Cognition.Embeddings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace LLMOS.Client.Tests.VectorData;

/// <summary>The embedding store of a real silo, used as an application uses any vector store.</summary>
public sealed class VectorStoreTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    private static readonly Book[] Books =
    [
        new() { Id = "bread", Title = "Bread", About = "Knead the dough, let it rise and bake the bread in a hot oven.", Year = 1999, Tags = ["kitchen", "oven"], Price = 12.5, InPrint = true, Since = new DateTimeOffset(1999, 5, 1, 12, 0, 0, TimeSpan.FromHours(2)) },
        new() { Id = "soup", Title = "Soup", About = "Boil water with carrots and leek until the soup is done.", Year = 2005, Tags = ["kitchen"], Price = null, InPrint = true, Since = new DateTimeOffset(2005, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        new() { Id = "moon", Title = "Moons", About = "A telescope shows the four moons of Jupiter. XK-8337 is its serial number.", Year = 2021, Tags = [], Price = 40, InPrint = false, Since = new DateTimeOffset(2021, 7, 1, 0, 0, 0, TimeSpan.Zero) },
    ];

    private LlmosVectorStore Store => new(system.Client);

    [Fact]
    public async Task Records_are_written_found_by_text_filtered_and_removed()
    {
        VectorStore store = Store;
        var books = store.GetCollection<string, Book>("books");
        Assert.False(await books.CollectionExistsAsync());
        await books.EnsureCollectionExistsAsync();
        await books.EnsureCollectionExistsAsync();
        await books.UpsertAsync(Books);
        Assert.Contains("books", await store.ListCollectionNamesAsync().ToListAsync());

        var found = await books.SearchAsync("how to bake bread from dough", top: 2).ToListAsync();
        Assert.Equal("bread", found[0].Record.Id);
        Assert.InRange(found[0].Score!.Value, 0.2, 1);
        Assert.Equal((1999, "Bread", 12.5, true), (found[0].Record.Year, found[0].Record.Title, found[0].Record.Price, found[0].Record.InPrint));
        Assert.Equal(["kitchen", "oven"], found[0].Record.Tags);
        Assert.Equal(Books[0].Since, found[0].Record.Since);
        Assert.Equal("soup", (await books.SearchAsync("bake bread", 3, new VectorSearchOptions<Book> { Filter = book => book.Year > 2000 && book.InPrint }).SingleAsync()).Record.Id);
        Assert.Empty(await books.SearchAsync("bake bread", 3, new VectorSearchOptions<Book> { ScoreThreshold = 0.99 }).ToListAsync());

        var words = (IKeywordHybridSearchable<Book>)books;
        Assert.Equal("moon", (await words.HybridSearchAsync("bread", ["8337", "serial"], 1).SingleAsync()).Record.Id);

        await books.DeleteAsync("bread");
        Assert.Null(await books.GetAsync("bread"));
        Assert.Equal(["moon", "soup"], (await books.GetAsync(["moon", "bread", "soup"]).ToListAsync()).Select(book => book.Id));
        await books.EnsureCollectionDeletedAsync();
        Assert.False(await store.CollectionExistsAsync("books"));
    }

    public static TheoryData<string> Filters => [.. FilterCases.Keys];

    private static readonly string[] Wanted = ["bread", "moon"];

    private static readonly List<int> Years = [1999, 2021];

    private static readonly string[] ManyKeys = [.. Enumerable.Range(0, 5_000).Select(i => $"book \"{i}\""), "moon", "bread"];

    private static readonly List<double?> ManyPrices = [.. Enumerable.Range(0, 2_000).Select(i => i + 0.5), null];

    private static readonly List<string> ManyTags = [.. Enumerable.Range(0, 2_000).Select(i => $"tag {i}"), "oven"];

    private static readonly HashSet<string> AnyCase = new(StringComparer.OrdinalIgnoreCase) { "BREAD" };

    private static Dictionary<string, Expression<Func<Book, bool>>> FilterCases => new()
    {
        ["equal"] = book => book.Year == 2005,
        ["not equal"] = book => book.Price != 12.5,
        ["swapped"] = book => 2000 < book.Year,
        ["and, or, not"] = book => !(book.Year >= 2005 && book.InPrint) || book.Title == "Soup",
        ["a property of true or false"] = book => book.InPrint,
        ["not a property"] = book => !book.InPrint,
        ["null"] = book => book.Price == null,
        ["a value of a nullable"] = book => book.Price != null && book.Price!.Value > 20,
        ["less than null is not"] = book => book.Price < 1_000,
        ["an array of keys"] = book => Wanted.Contains(book.Id),
        ["a list of values"] = book => Years.Contains(book.Year),
        ["an empty list"] = book => Array.Empty<string>().Contains(book.Title),
        ["a list in the record"] = book => book.Tags.Contains("oven"),
        ["any of a list in the record"] = book => book.Tags.Any(tag => Wanted.Contains(tag) || false) || book.Tags.Any(tag => new[] { "oven", "garden" }.Contains(tag)),
        ["any"] = book => book.Tags.Any(tag => new[] { "oven", "garden" }.Contains(tag)),
        ["the key"] = book => book.Id == "moon",
        ["texts in their order"] = book => string.Compare(book.Title, "C", StringComparison.Ordinal) > 0,
        ["times, in whatever zone"] = book => book.Since < new DateTimeOffset(1999, 5, 1, 10, 0, 1, TimeSpan.Zero),
        ["true"] = book => true,
        ["false"] = book => false,
        ["many keys"] = book => ManyKeys.Contains(book.Id),
        ["many values, one of them null"] = book => ManyPrices.Contains(book.Price),
        ["any of many"] = book => book.Tags.Any(tag => ManyTags.Contains(tag)),
        ["a chain"] = Chain(1_950, 2_010),
        ["a comparer that is the store's"] = book => Wanted.Contains(book.Id, StringComparer.Ordinal),
        ["a comparer of its own"] = book => Wanted.Contains(book.Title, StringComparer.OrdinalIgnoreCase),
        ["a set with a comparer of its own"] = book => AnyCase.Contains(book.Id),
        ["a number that is cut"] = book => (int)book.Price! == 12,
        ["a number that is none"] = book => book.Price == double.NaN,
    };

    private static readonly string[] Refused = ["any of a list in the record", "texts in their order", "a comparer of its own", "a set with a comparer of its own", "a number that is cut"];

    private static Expression<Func<Book, bool>> Chain(int first, int last)
    {
        var book = Expression.Parameter(typeof(Book), "book");
        Expression[] years = [.. Enumerable.Range(first, last - first).Select(year => Expression.Equal(Expression.Property(book, nameof(Book.Year)), Expression.Constant(year)))];
        return Expression.Lambda<Func<Book, bool>>(years.Aggregate(Expression.OrElse), book);
    }

    [Theory, MemberData(nameof(Filters))]
    public async Task A_filter_lets_through_what_it_does_in_memory_or_is_refused_with_a_sentence(string name)
    {
        var books = Store.GetCollection<string, Book>("filters");
        await books.EnsureCollectionExistsAsync();
        await books.UpsertAsync(Books);
        var filter = FilterCases[name];
        if (Refused.Contains(name) || name == "a number that is none")
        {
            var refusal = await Assert.ThrowsAsync<NotSupportedException>(async () => await books.GetAsync(filter, 10).ToListAsync());
            Assert.Contains(Refused.Contains(name) ? "which the store cannot look at: compare properties with values" : "use a text, a finite number", refusal.Message, StringComparison.Ordinal);
            return;
        }

        var expected = Books.Where(filter.Compile()).Select(book => book.Id).Order(StringComparer.Ordinal);
        Assert.Equal(expected, (await books.GetAsync(filter, 10).ToListAsync()).Select(book => book.Id));
        Assert.Equal(expected, (await books.SearchAsync("anything", 10, new VectorSearchOptions<Book> { Filter = filter }).ToListAsync()).Select(match => match.Record.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Vectors_that_are_brought_come_back_and_are_sorted_as_asked()
    {
        var points = Store.GetCollection<Guid, Point>("points");
        await points.EnsureCollectionExistsAsync();
        Point[] all = [.. Enumerable.Range(0, 5).Select(i => new Point { Number = i, Place = new[] { MathF.Cos(i * 0.3f), MathF.Sin(i * 0.3f), 0 } })];
        await points.UpsertAsync(all);
        Assert.All(all, point => Assert.NotEqual(Guid.Empty, point.Id));
        var nearest = await points.SearchAsync(new ReadOnlyMemory<float>([1, 0, 0]), 2, new VectorSearchOptions<Point> { IncludeVectors = true, Skip = 1 }).ToListAsync();
        Assert.Equal([1, 2], nearest.Select(match => match.Record.Number));
        Assert.Equal(1 - MathF.Cos(0.3f), nearest[0].Score!.Value, 1e-5);
        Assert.Equal(all[1].Place.ToArray(), nearest[0].Record.Place.ToArray(), (x, y) => MathF.Abs(x - y) < 1e-6);
        Assert.Equal(
            [3, 2],
            (await points.GetAsync(point => point.Number < 4, 2, new FilteredRecordRetrievalOptions<Point> { OrderBy = order => order.Descending(point => point.Number) }).ToListAsync()).Select(point => point.Number));
        var wrong = await Assert.ThrowsAsync<VectorStoreException>(() => points.UpsertAsync(new Point { Place = new float[] { 1, 2 } }));
        Assert.Contains("has 2 floats, and those of the collection 'points' (none) have 3", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(LlmosErrorCode.InvalidArgument, Assert.IsType<LlmosException>(wrong.InnerException).Code);
        wrong = await Assert.ThrowsAsync<VectorStoreException>(async () => await points.SearchAsync("a text", 1).ToListAsync());
        Assert.Contains("256 floats", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_more_than_a_message_is_written_in_parts_and_what_cannot_be_is_said_in_a_sentence()
    {
        var texts = Store.GetCollection<string, Large>("large");
        await texts.EnsureCollectionExistsAsync();
        Large[] all = [.. Enumerable.Range(0, 320).Select(i => new Large { Id = $"{i:000}", Text = new string('x', 50_000), Place = [i, 1] })];
        await texts.UpsertAsync(all);
        Assert.Equal(all.Select(text => text.Id), (await texts.GetAsync(text => true, int.MaxValue).ToListAsync()).Select(text => text.Id));
        Assert.Equal(all.Length - 1, await texts.GetAsync(text => true, int.MaxValue, new FilteredRecordRetrievalOptions<Large> { Skip = 1 }).CountAsync());
        var most = await Assert.ThrowsAsync<VectorStoreException>(async () => await texts.SearchAsync(new float[] { 1, 0 }, all.Length).ToListAsync());
        Assert.Contains("are 96 MB, and one answer has up to 90: ask for fewer at once", most.Message, StringComparison.Ordinal);
        Assert.Equal("000", (await texts.SearchAsync(new float[] { 0, 1 }, 1).SingleAsync()).Record.Id);

        await Assert.ThrowsAsync<ArgumentException>(() => texts.UpsertAsync([all[0], null!]));
        var books = Store.GetCollection<string, Book>("types");
        await books.EnsureCollectionExistsAsync();
        var infinite = await Assert.ThrowsAsync<ArgumentException>(() => books.UpsertAsync(new Book { Id = "a", About = "a", Price = double.PositiveInfinity }));
        Assert.Contains("The 'Price' of the record 'a' is ", infinite.Message, StringComparison.Ordinal);
        await books.UpsertAsync(Books);
        var others = Store.GetCollection<Guid, Point>("types");
        var other = await Assert.ThrowsAsync<InvalidOperationException>(async () => await others.GetAsync(point => true, 1).ToListAsync());
        Assert.StartsWith("The record 'bread' with the data {", other.Message, StringComparison.Ordinal);
        Assert.Contains("is no Point with a key of Guid", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_without_a_type_have_a_definition_and_a_model_of_the_cluster_embeds_them()
    {
        var model = new LlmosVectorStore(system.Client, new LlmosVectorStoreOptions { Embedder = Embedders.OfModel("default"), IsShared = true });
        var dimension = (await system.Client.Embeddings.EmbedAsync(["text"], Embedders.OfModel("default"))).Vectors[0].Length;
        var notes = model.GetDynamicCollection("notes", new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty("Id", typeof(long)),
                new VectorStoreDataProperty("Kind", typeof(string)),
                new VectorStoreVectorProperty("Text", typeof(string), dimension),
            ],
        });
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([.. Enumerable.Range(1, 3).Select(i => new Dictionary<string, object?> { ["Id"] = (long)i, ["Kind"] = i % 2 == 0 ? "even" : "odd", ["Text"] = $"note number {i}" })]);
        var found = await notes.SearchAsync("note number 2", 1, new VectorSearchOptions<Dictionary<string, object?>> { Filter = note => (string)note["Kind"]! == "even" || (long)note["Id"]! == 7 }).SingleAsync();
        Assert.Equal((2L, "even"), (found.Record["Id"], found.Record["Kind"]));
        Assert.Equal(1, found.Score!.Value, 1e-3);
        var made = await system.Client.Embeddings.FindAsync("notes");
        Assert.Equal(("model/default", true), (made!.Embedder, made.IsShared));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await notes.GetAsync([1L], new RecordRetrievalOptions { IncludeVectors = true }).ToListAsync());
    }

    [Fact]
    public async Task What_the_store_has_not_is_refused_when_the_collection_is_named()
    {
        Assert.Contains("use CosineSimilarity", Assert.Throws<NotSupportedException>(() => Store.GetCollection<string, Hamming>("x")).Message, StringComparison.Ordinal);
        Assert.Contains("QuantizedFlat", Assert.Throws<NotSupportedException>(() => Store.GetCollection<string, Graph>("x")).Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<VectorStoreException>(() => Store.GetCollection<string, Book>("nowhere").UpsertAsync(Books));
        Assert.Contains("There is no collection 'nowhere'", missing.Message, StringComparison.Ordinal);
        Assert.Equal(("llmos", "nowhere", "upsert"), (missing.VectorStoreSystemName, missing.CollectionName, missing.OperationName));
        var small = Store.GetCollection<string, Small>("small");
        Assert.Contains("makes vectors of 256 floats, and 'Text' has 8", (await Assert.ThrowsAsync<VectorStoreException>(() => small.EnsureCollectionExistsAsync())).Message, StringComparison.Ordinal);
    }

    private sealed class Book
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(StorageName = "the.tïtle \\ of $it")]
        public string Title { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string About { get; set; } = "";

        [VectorStoreData(IsIndexed = true)]
        public int Year { get; set; }

        [VectorStoreData]
        public List<string> Tags { get; set; } = [];

        [VectorStoreData]
        public double? Price { get; set; }

        [VectorStoreData]
        public bool InPrint { get; set; }

        [VectorStoreData]
        public DateTimeOffset Since { get; set; }

        [VectorStoreVector(256)]
        public string Vector => About;
    }

    private sealed class Point
    {
        [VectorStoreKey]
        public Guid Id { get; set; }

        [VectorStoreData]
        public int Number { get; set; }

        [VectorStoreVector(3, DistanceFunction = DistanceFunction.CosineDistance, IndexKind = IndexKind.Flat)]
        public ReadOnlyMemory<float> Place { get; set; }
    }

    private sealed class Large
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        // In one token, of which the index of words makes nothing.
        [VectorStoreData(IsFullTextIndexed = true)]
        public string Text { get; set; } = "";

        [VectorStoreVector(2)]
        public float[] Place { get; set; } = [];
    }

    private sealed class Hamming
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(3, DistanceFunction = DistanceFunction.HammingDistance)]
        public float[] Place { get; set; } = [];
    }

    private sealed class Graph
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(3, IndexKind = IndexKind.Hnsw)]
        public Embedding<float> Place { get; set; } = new(ReadOnlyMemory<float>.Empty);
    }

    private sealed class Small
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(8)]
        public string Text { get; set; } = "";
    }
}
