using System.Globalization;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Embeddings;

/// <summary>A node that is killed in the middle of writes, compaction, and of writing and rebuilding its indexes.</summary>
public sealed class EmbeddingCrashTests
{
    private const int Rounds = 3;
    private const int Shards = 2;

    [Fact]
    public async Task Text_metadata_vector_words_and_index_agree_for_every_record_after_kill_9()
    {
        using var folder = new TempFolder();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var before = round == 0 ? [] : ReadAll(folder.Path);
            var said = await WriteUntilKilledAsync(folder.Path, seed + round, random.Next(30, 250));
            var after = ReadAll(folder.Path);
            foreach (var (key, change) in said)
            {
                // One change more may have been done that nobody heard of.
                var (there, last) = (after.GetValueOrDefault(key), change);
                Assert.True(there >= last || there == 0, $"seed {seed}: {key} is of change {there}, and {last} was acknowledged");
            }

            Assert.All(after.Keys.Except(before.Keys), key => Assert.Matches("^[0-2]-[0-9]+$", key));
        }
    }

    private static async Task<Dictionary<string, int>> WriteUntilKilledAsync(string folder, int seed, int changes)
    {
        var said = new Dictionary<string, int>();
        await using var node = ChildProcess.Start("embeddings", folder, seed.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < changes; i++)
        {
            if (await node.ReadLineAsync() is not { } line)
            {
                Assert.Fail((await node.WaitAsync()).Error);
                break;
            }

            Note(line);
        }

        await node.KillAsync();
        for (var rest = await node.ReadRestAsync(); rest.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0; rest = rest[(end + 1)..])
            Note(rest[..end]);
        return said;

        void Note(string line)
        {
            var words = line.Split(' ');
            foreach (var key in words[0].Split(','))
                said[key] = int.Parse(words[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Opens the node as its next start does, and compares all that it has with each other.</summary>
    /// <returns>For each key the change that its record is of.</returns>
    private static Dictionary<string, int> ReadAll(string folder)
    {
        using var store = SqliteStore.Open(folder);
        var embeddings = new SqliteEmbeddingStore(store);
        var space = new HashingEmbedder();
        var collection = embeddings.Find("crash")!;
        var records = embeddings.Scan(collection.Id, null, "", 10_000, withVectors: true);
        Assert.Equal(collection.Count, records.Count);
        var changes = new Dictionary<string, int>();
        foreach (var record in records)
        {
            Assert.EndsWith($"{record.Key} change {Change(record)}", record.Text, StringComparison.Ordinal);
            Assert.Equal(space.Embed(record.Text), record.Vector);
            Assert.Contains(record.Id, embeddings.FindWords(collection.Id, [record.Text.Split(' ')[0]], MetadataFilter.Equal(MetadataFilter.KeyField, record.Key), 10));
            changes.Add(record.Key, Change(record));
        }

        Assert.Equal(records.Select(record => record.Id).Order(), embeddings.FindWords(collection.Id, ["change"], null, 100_000).Order());
        var indexes = new SegmentIndexes(Path.Combine(folder, "index"), NullLogger<SegmentIndexes>.Instance);
        for (var shard = 0; shard < Shards; shard++)
        {
            using var index = new ShardIndex(indexes, shard, Shards);
            var flat = (FlatVectorIndex)index.CatchUp(new SqliteVectorLogs(store, null!).Get(collection.Id));
            Assert.Equal(records.Where(record => record.Id % Shards == shard).Select(record => record.Id).Order(), flat.Ids.ToArray().Order());
            foreach (var record in records.Where(record => record.Id % Shards == shard))
            {
                var hit = Assert.Single(flat.Search([record.Vector], new HashSet<long> { record.Id }, 1)[0]);
                Assert.Equal(1, hit.Similarity, 0.02f);
            }
        }

        return changes;

        static int Change(StoredEmbedding record) => System.Text.Json.JsonElement.Parse(record.Metadata).GetProperty("change").GetInt32();
    }
}
