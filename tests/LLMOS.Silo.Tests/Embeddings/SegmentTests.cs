using System.Globalization;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Embeddings;

/// <summary>Indexes that are kept as segments beside a real store: mapped again, or found wrong and made from the log.</summary>
public sealed class SegmentTests : IAsyncLifetime
{
    // Two blocks that are full, and one that is not.
    private const int Count = (2 * FlatVectorIndex.BlockSize) + 700;
    private const int Dimension = 8;

    private readonly TempFolder _folder = new();
    private readonly Random _random = new(3);
    private SqliteStore _store = null!;
    private SqliteEmbeddingStore _embeddings = null!;
    private CollectionInfo _collection = null!;

    private string Folder => Path.Combine(_folder.Path, "index");

    private string Segment => Directory.GetFiles(Folder, "*.seg").Single();

    private SegmentIndexes Indexes => new(Folder, NullLogger<SegmentIndexes>.Instance);

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(_folder.Path);
        _embeddings = new SqliteEmbeddingStore(_store);
        _collection = await _embeddings.CreateAsync(new CollectionInfo { Name = "segments", Dimension = Dimension, Embedder = Embedders.None, Owner = "kernel" });
        await WriteAsync(0, Count);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_kept_index_is_mapped_and_reads_what_is_new_and_what_is_changed_is_not_in_its_file()
    {
        Assert.Equal(Count, Read(index => index.Keep()));
        var bytes = await File.ReadAllBytesAsync(Segment, TestContext.Current.CancellationToken);
        Assert.Equal(0, Read(_ => { }));

        await WriteAsync(100, 50);
        await _embeddings.RemoveAsync(_collection.Id, [.. Enumerable.Range(0, 40).Select(Key)], Caller.Kernel);
        using (var index = new ShardIndex(Indexes, 0, 1))
        {
            var log = Log();
            var flat = (FlatVectorIndex)index.CatchUp(log);
            Assert.Equal((50, Count - 40), (log.ReadVectors, flat.Count));
            AssertSame(flat);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Segment, TestContext.Current.CancellationToken));

            // Another one can be written while this one is mapped, which then still has what it had.
            index.Keep();
            AssertSame(flat);
        }

        Assert.Equal(0, Read(_ => { }));
    }

    [Fact]
    public async Task A_flipped_bit_wherever_it_is_a_missing_end_and_another_collections_are_found_and_made_anew()
    {
        Read(index => index.Keep());
        var whole = await File.ReadAllBytesAsync(Segment, TestContext.Current.CancellationToken);
        int[] places = [0, 13, 30, 50, 81, 4_096, whole.Length / 2, whole.Length - 4, whole.Length - 1, .. Enumerable.Range(0, 3).Select(_ => _random.Next(4_096, whole.Length))];
        foreach (var place in places)
        {
            var damaged = (byte[])whole.Clone();
            damaged[place] ^= (byte)(1 << _random.Next(8));
            await File.WriteAllBytesAsync(Segment, damaged, TestContext.Current.CancellationToken);
            Assert.True(Read(index => index.Keep()) == Count, string.Create(CultureInfo.InvariantCulture, $"bit at {place}"));
            Assert.Equal(0, Read(_ => { }));
        }

        foreach (var length in (int[])[0, 4_096, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(Segment, whole[..length], TestContext.Current.CancellationToken);
            Assert.Equal(Count, Read(index => index.Keep()));
        }

        // The file of a collection that had this place before.
        var path = Segment;
        Assert.True(await _embeddings.DropAsync("segments", Caller.Kernel));
        _collection = await _embeddings.CreateAsync(new CollectionInfo { Name = "segments", Dimension = Dimension, Embedder = Embedders.None, Owner = "kernel" });
        await WriteAsync(0, 3_000);
        Read(index => index.Keep());
        File.Move(path, Directory.GetFiles(Folder, "*.seg").Single(file => file != path), overwrite: true);
        Assert.Equal(3_000, Read(index => index.Keep()));

        // What is of a collection that is gone, or was not written to its end, goes at the next start.
        await File.WriteAllTextAsync(path, "of a collection that is gone", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path + ".new", "not written to its end", TestContext.Current.CancellationToken);
        Indexes.Sweep([Log().Identity]);
        Assert.Equal(0, Read(_ => { }));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_segment_that_is_newer_than_its_store_or_older_than_its_compaction_is_made_anew()
    {
        Read(index => index.Keep());
        await _embeddings.RemoveAsync(_collection.Id, [Key(1), Key(2)], Caller.Kernel);
        await _embeddings.CompactAsync(_collection.Id, Caller.Kernel);
        Assert.Equal(Count - 2, Read(index => index.Keep()));

        // Records that an older copy of the store does not have.
        await _store.WriteAsync(session => session.Statement("DELETE FROM embedding WHERE id > (SELECT MAX(id) - 5 FROM embedding)").Run());
        Assert.Equal(Count - 7, Read(_ => { }));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_reading_the_log_and_nothing_else()
    {
        File.WriteAllText(Folder, "in the way");
        Assert.Equal(Count, Read(index => index.Keep()));
        Assert.Equal(Count, Read(_ => { }));
    }

    /// <summary>Opens the index, and compares it with one that is made anew.</summary>
    /// <returns>How many vectors were read from the log.</returns>
    private int Read(Action<ShardIndex> then)
    {
        var log = Log();
        using var index = new ShardIndex(Indexes, 0, 1);
        AssertSame((FlatVectorIndex)index.CatchUp(log));
        then(index);
        return log.ReadVectors;
    }

    private void AssertSame(FlatVectorIndex index)
    {
        var fresh = new FlatVectorIndex(Dimension);
        Log().ReadAfter(0, 0, 1, fresh.Add);
        Assert.Equal(fresh.Ids.ToArray().Order(), index.Ids.ToArray().Order());
        float[][] queries = [Vector(), Vector(), Vector()];
        var (expected, found) = (fresh.Search(queries, null, 20), index.Search(queries, null, 20));
        for (var i = 0; i < queries.Length; i++)
        {
            Assert.Equal(expected[i], found[i]);
        }
    }

    private CountedLog Log() => new(new SqliteVectorLogs(_store, null!).Get(_collection.Id));

    private Task WriteAsync(int first, int count) => _embeddings.UpsertAsync(
        _collection.Id, [.. Enumerable.Range(first, count).Select(i => new StoredEmbedding(0, Key(i), "", "{}", Vector()))], Caller.Kernel);

    private static string Key(int number) => number.ToString(CultureInfo.InvariantCulture);

    private float[] Vector() => [.. Enumerable.Range(0, Dimension).Select(_ => _random.NextSingle() - 0.5f)];
}
