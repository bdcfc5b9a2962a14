using System.Globalization;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Audit;

/// <summary>A silo that is killed in the middle of syscalls.</summary>
public sealed class AuditCrashTests
{
    [Fact]
    public async Task The_chain_holds_and_has_what_was_acknowledged_after_kill_9()
    {
        using var folder = new TempFolder();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var acknowledged = new List<(string Syscall, long Pid)>();
        var heads = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            await using (var silo = ChildProcess.Start("syscalls", folder.Path))
            {
                var lines = random.Next(20, 80);
                for (var i = 0; i < lines; i++)
                {
                    if (await silo.ReadLineAsync() is not { } line)
                    {
                        Assert.Fail((await silo.WaitAsync()).Error);
                        return;
                    }

                    var words = line.Split(' ');
                    acknowledged.Add((words[0], long.Parse(words[1], CultureInfo.InvariantCulture)));
                }

                await silo.KillAsync();
            }

            using var store = SqliteStore.Open(folder.Path);
            var log = SqliteAuditLog.In(store);
            var found = await log.VerifyAsync();
            Assert.True(found.IsIntact, $"round {round}, seed {seed}: {found.Problem}");
            heads.Add(found.Records);
            var records = await log.QueryAsync(new AuditQuery { Limit = 100_000 });
            foreach (var (syscall, pid) in acknowledged)
            {
                // A message's record is in its own commit; any other effect was recorded before it was carried out.
                Assert.Contains(records, record => record.Entry.Syscall == (syscall == "send" ? "message" : syscall)
                    && (syscall == "spawn" || record.Entry.Destination == pid));
            }

            Assert.True(
                records.Count(record => record.Entry is { Syscall: "spawn", Result: AuditEntry.Begun }) >= acknowledged.Count(one => one.Syscall == "spawn"),
                $"round {round}, seed {seed}: spawns without a record");
        }

        Assert.Equal(heads.Order(), heads);
    }
}
