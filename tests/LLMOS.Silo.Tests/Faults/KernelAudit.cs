using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;

namespace LLMOS.Silo.Tests.Faults;

/// <summary>Holds the store of a system that was killed against what it had acknowledged.</summary>
internal static class KernelAudit
{
    /// <summary>The life that has just ended: what it acknowledged is in the log.</summary>
    /// <returns>The end of the log.</returns>
    public static async Task<long> HoldLifeAsync(string folder, KernelJournal journal, long since)
    {
        using var store = SqliteStore.Open(folder);
        var log = await new SqliteMessageLog(VmpLog.In(store)).QueryAsync(new MessageQuery { AfterSequence = since, Limit = SqliteMessageLog.MaxLimit });
        var ids = log.Select(entry => entry.Message.MessageId).ToHashSet();
        Assert.DoesNotContain(journal.Sent, id => !ids.Contains(id));
        return log.Count == 0 ? since : log[^1].Sequence;
    }

    /// <summary>All lives: each effect once, the file sound and the audit log unbroken.</summary>
    /// <param name="folder">The data folder, in which nobody works.</param>
    /// <param name="journal">What was acknowledged.</param>
    /// <param name="isAtRest">Whether the system was drained, so that everything is to be done with.</param>
    public static async Task HoldAllAsync(string folder, KernelJournal journal, bool isAtRest)
    {
        using var store = SqliteStore.Open(folder);
        Assert.Equal("ok", store.Read(0, (session, _) => session.Scalar("PRAGMA integrity_check")));
        var verified = await SqliteAuditLog.In(store).VerifyAsync();
        Assert.True(verified.IsIntact, verified.Problem);
        var log = await new SqliteMessageLog(VmpLog.In(store)).QueryAsync(new MessageQuery { Limit = SqliteMessageLog.MaxLimit });
        var byId = log.ToLookup(entry => entry.Message.MessageId);
        foreach (var (id, count) in journal.Casts)
        {
            Assert.Equal(count, byId[id].Count());
        }

        foreach (var cast in byId.Where(copies => copies.First().Message.Group.Length > 0))
        {
            Assert.Equal(cast.Count(), cast.Select(copy => copy.Message.To).Distinct().Count());
        }

        HoldAnswers(log, isAtRest);
        await HoldAuditAsync(store, journal);
        if (isAtRest)
        {
            HoldTurns(log, journal);
        }
    }

    /// <summary>Every request that is in the log, acknowledged or not, is answered once and acknowledged once.</summary>
    private static void HoldAnswers(IReadOnlyList<LoggedMessage> log, bool isAtRest)
    {
        var byCorrelation = log.ToLookup(entry => entry.Message.CorrelationId);
        foreach (var request in log.Where(entry => entry.Message.MessageType == VmpMessageType.Request).Select(entry => entry.Message))
        {
            VmpMessageType[] due = request.RequiresAck ? [VmpMessageType.Response, VmpMessageType.Notification] : [VmpMessageType.Response];
            var replies = byCorrelation[request.MessageId.ToString()].Select(entry => entry.Message.MessageType).Order().ToList();
            Assert.True(
                isAtRest ? replies.SequenceEqual(due) : replies.Count <= due.Length && replies.Distinct().Count() == replies.Count,
                $"{request.MessageId} to {request.To}: {string.Join(", ", replies)}");
        }
    }

    /// <summary>Each message was handled in one turn: a process has as many turns as it was sent messages.</summary>
    private static void HoldTurns(IReadOnlyList<LoggedMessage> log, KernelJournal journal)
    {
        foreach (var received in log.Where(entry => journal.Turns.GetValueOrDefault(entry.Message.To) > 0).GroupBy(entry => entry.Message.To))
        {
            Assert.All(received, entry => Assert.Equal(DeliveryState.Consumed, entry.State));
            Assert.True(
                received.Count() == journal.Turns[received.Key],
                $"process {received.Key} was sent {received.Count()} messages and has {journal.Turns[received.Key]} turns");
        }

        // Each worker that heard a multicast said so once.
        foreach (var told in log.Where(entry => entry.Message.CorrelationId.StartsWith("heard ", StringComparison.Ordinal)).GroupBy(entry => entry.Message.CorrelationId))
        {
            Assert.Equal(told.Count(), told.Select(entry => entry.Message.From).Distinct().Count());
        }
    }

    /// <summary>What was done to processes is on record, each spawn once.</summary>
    private static async Task HoldAuditAsync(SqliteStore store, KernelJournal journal)
    {
        var records = await SqliteAuditLog.In(store).QueryAsync(new AuditQuery { Limit = 100_000, Syscall = "spawn" });
        Assert.True(records.Count(record => record.Entry.Result == AuditEntry.Begun) >= journal.Spawned, $"{journal.Spawned} were spawned and {records.Length} spawns are on record");
    }
}
