using System.Globalization;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Files;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Tests.Files;

/// <summary>A silo that is killed in the middle of changes of files.</summary>
public sealed class FileCrashTests
{
    private const int Rounds = 4;

    [Fact]
    public async Task Content_vectors_words_and_version_agree_for_every_file_after_kill_9()
    {
        using var folder = new TempFolder();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var acknowledged = await WriteUntilKilledAsync(folder.Path, seed + round, random.Next(20, 120));
            using var store = SqliteStore.Open(folder.Path);
            var files = new SqliteFileStore(store, new HashingEmbedder(), TimeProvider.System);
            foreach (var (path, version) in acknowledged.Values)
            {
                // One change more may have been done that nobody heard of.
                var there = files.Find(path);
                var elsewhere = files.Find(path.Contains("/a/", StringComparison.Ordinal) ? path.Replace("/a/", "/b/", StringComparison.Ordinal) : path.Replace("/b/", "/a/", StringComparison.Ordinal));
                var known = there?.Version ?? elsewhere?.Version ?? 0;
                Assert.True(known == version || known == version + 1 || known == 0 || version == 0, $"seed {seed}: {path} is at {known}, and {version} was acknowledged");
                Assert.True(there is null || elsewhere is null, $"seed {seed}: {path} is in two directories");
            }

            AssertWhole(files, seed);
        }
    }

    private static async Task<Dictionary<int, (string Path, long Version)>> WriteUntilKilledAsync(string folder, int seed, int changes)
    {
        var acknowledged = new Dictionary<int, (string Path, long Version)>();
        await using var silo = ChildProcess.Start("files", folder, seed.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < changes; i++)
        {
            if (await silo.ReadLineAsync() is not { } line)
            {
                Assert.Fail((await silo.WaitAsync()).Error);
                break;
            }

            Note(line);
        }

        await silo.KillAsync();

        // What it said before it was killed, it said, whether it was read by then or not. A line that was cut short was not said.
        for (var rest = await silo.ReadRestAsync(); rest.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0; rest = rest[(end + 1)..])
            Note(rest[..end]);
        return acknowledged;

        void Note(string line)
        {
            var words = line.Split(' ');
            acknowledged[int.Parse(words[0], CultureInfo.InvariantCulture)] = (words[1], long.Parse(words[2], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What is in the index, made from the log as any index is, is what the files say, no more and no less.</summary>
    private static void AssertWhole(SqliteFileStore files, int seed)
    {
        var space = new HashingEmbedder();
        var index = new FlatVectorIndex(space.Dimension);
        var ids = new List<long>();
        files.ReadAfter(0, 0, 1, (id, group, vector) =>
        {
            index.Add(id, group, vector);
            ids.Add(id);
        });
        var chunks = files.Chunks(ids).ToLookup(chunk => chunk.Path);
        var vectors = ids.Zip(files.Read(ids)).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.All(chunks.SelectMany(group => group), chunk => Assert.Equal(space.Embed(chunk.Text), vectors[chunk.Id]));

        var seen = 0;
        files.Walk("/", (path, text) =>
        {
            var history = files.History(path);
            Assert.Equal(Enumerable.Range(1, history.Count).Select(number => (long)number), history.Select(version => version.Version));
            Assert.Equal(history[^1].Version, files.Find(path)!.Version);

            // Under each name that the file has.
            var names = files.Paths(path);
            Assert.All(names, name => Assert.Equal((names.Count, files.Find(path)!.Inode), (files.Find(name)!.Links, files.Find(name)!.Inode)));
            foreach (var name in names)
            {
                Assert.Equal(TextChunker.Cut(text), chunks[name].Where(chunk => chunk.Line > 0).OrderBy(chunk => chunk.Id).Select(chunk => (chunk.Line, chunk.Text)));
                Assert.Single(chunks[name], chunk => chunk.Line == 0);
                var group = Assert.Single(files.Groups(VfsPath.ParentOf(name), below: false));
                var hits = new VectorHit[1];
                var first = chunks[name].First(chunk => chunk.Line > 0);
                Assert.Equal(1, index.Search(space.Embed(first.Text), new HashSet<long> { group }, hits));
                Assert.Contains(first.Id, files.FindWords(first.Text.Split(' ').Distinct().ToList(), 1_000));
            }

            seen++;
            return true;
        });
        Assert.True(seen > 0, $"seed {seed}: no file");
        Assert.All(chunks, group => Assert.NotNull(files.Find(group.Key)));
        Assert.Equal(ids.Count, chunks.Sum(group => group.Count()));
        var worded = files.FindWords(["flour", "planet", "server", "yeast", "moon", "request", "oven", "telescope", "port", "dough", "file", "link"], 100_000);
        Assert.Empty(worded.Except(ids));
    }
}
