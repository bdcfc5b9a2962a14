using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>The message bus of a whole system that is killed at random points of a workload.</summary>
public sealed class BusKillTests : IDisposable
{
    private const int Lives = 5;
    private const int FewestLines = 5;
    private const int MostLines = 250;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_or_done_twice_whenever_the_silo_is_killed()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sent = new HashSet<Guid>();
        var casts = new Dictionary<Guid, int>();
        for (var life = 0; life < Lives; life++)
        {
            await using var child = ChildProcess.Start("bus", _folder.Path, random.Next().ToString(CultureInfo.InvariantCulture));
            for (var lines = random.Next(FewestLines, MostLines); lines > 0 && await child.ReadLineAsync(Limit) is { } line; lines--)
                Note(line);
            await child.KillAsync();
            while (await child.ReadLineAsync() is { } line)
                Note(line);
        }

        await using (var child = ChildProcess.Start("bus-drain", _folder.Path))
        {
            Assert.Equal("drained", await child.ReadLineAsync(Limit));
            Assert.Equal(0, (await child.WaitAsync()).ExitCode);
        }

        using var store = SqliteStore.Open(_folder.Path);
        Assert.Equal("ok", store.Read(0, (session, _) => session.Scalar("PRAGMA integrity_check")));
        var log = await new SqliteMessageLog(VmpLog.In(store)).QueryAsync(new MessageQuery { Limit = SqliteMessageLog.MaxLimit });
        var byId = log.ToLookup(entry => entry.Message.MessageId);
        var byCorrelation = log.ToLookup(entry => entry.Message.CorrelationId);
        Assert.DoesNotContain(log, entry => entry.State >= DeliveryState.Expired);
        Assert.True(sent.Count > 0 && casts.Count > 0, $"{sent.Count} were sent and {casts.Count} cast (seed {seed})");

        // Every request that is in the log, acknowledged or not, was answered once and acknowledged once.
        Assert.DoesNotContain(sent, id => !byId.Contains(id));
        foreach (var request in log.Where(entry => entry.Message.MessageType == VmpMessageType.Request).ToList())
        {
            Assert.Equal(DeliveryState.Consumed, request.State);
            var replies = byCorrelation[request.Message.MessageId.ToString()].Select(entry => entry.Message.MessageType).Order().ToList();
            Assert.True(replies.SequenceEqual([VmpMessageType.Response, VmpMessageType.Notification]), $"{request.Message.MessageId}: {string.Join(", ", replies)} (seed {seed})");
        }

        // A multicast came to all of its recipients or to none, once, and each worker that heard it said so once.
        foreach (var (id, count) in casts)
            Assert.Equal(count, byId[id].Count());
        foreach (var cast in byId.Where(copies => copies.First().Message.Group.Length > 0))
        {
            Assert.Equal(cast.Count(), cast.Select(copy => copy.Message.To).Distinct().Count());
            var heard = byCorrelation[$"heard {cast.Key}"].Select(entry => entry.Message.From).ToList();
            Assert.Equal(heard.Count, heard.Distinct().Count());
            Assert.Equal(cast.First().Message.Group == "odd" ? 12 : 24, heard.Count);
        }

        // For each sender and recipient the log has the order in which it was sent, in each life.
        foreach (var pair in log.Where(entry => entry.Message.MessageType == VmpMessageType.Response).GroupBy(entry => entry.Message.From))
        {
            var asked = log.Where(entry => entry.Message.MessageType == VmpMessageType.Request && entry.Message.To == pair.Key).Select(entry => entry.Message.MessageId.ToString());
            Assert.Equal(asked, pair.Select(entry => entry.Message.CorrelationId));
        }

        void Note(string line)
        {
            switch (line.Split(' '))
            {
                case ["sent", var id] when Guid.TryParse(id, out var message):
                    sent.Add(message);
                    break;
                case ["cast", var id, var count, "."] when Guid.TryParse(id, out var message) && int.TryParse(count, CultureInfo.InvariantCulture, out var copies):
                    casts[message] = copies;
                    break;
                default:
                    break;
            }
        }
    }
}
