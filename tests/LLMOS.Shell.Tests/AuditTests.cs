using System.Globalization;
using System.Text.Json;
using LLMOS.Shell.Commands;
using LLMOS.SystemInterface.Syscalls;
using Microsoft.Data.Sqlite;

namespace LLMOS.Shell.Tests;

/// <summary>Syscalls from the command line, and what the audit log says of them.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Syscalls_are_made_and_listed_and_a_changed_record_is_named()
    {
        using var home = new TempFolder();
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync("""
            spawn inbox --mailbox
            call send pid=inbox "text=hello there"
            call kill pid=1
            call merge a=1 b=2
            call nice pid=inbox delta=2
            call malloc name=notes
            call append path=/mem/local/notes "text=remember the door"
            call cat path=/mem/local/notes
            call suspend
            kill inbox
            revoke inbox SUDO READ_CONTEXT
            revoke inbox FLYING
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        Assert.Contains("hello there", shell.Output, StringComparison.Ordinal);
        Assert.Contains("llmos: kill, pid: Process 1 (init) is a part of the system and cannot be ended", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: merge: It is not available: joining", shell.Error, StringComparison.Ordinal);
        Assert.Contains("llmos: suspend, pid: It is missing.", shell.Error, StringComparison.Ordinal);
        Assert.Contains("inbox (PID ", shell.Output, StringComparison.Ordinal);
        Assert.Contains("priority 12", shell.Output, StringComparison.Ordinal);
        Assert.Contains("local: remember the door", shell.Output, StringComparison.Ordinal);
        Assert.Contains("WRITE_CONTEXT", shell.Output, StringComparison.Ordinal);
        Assert.Contains("'FLYING' is no permission", shell.Error, StringComparison.Ordinal);

        using var list = await RunAsync(home, "audit", "-o", "json");
        Assert.True(list.ExitCode == 0, list.Error);
        var records = JsonDocument.Parse(list.Output).RootElement.EnumerateArray().ToList();
        string[] expected = ["spawn ok", "message ok", "send ok", "kill FailedPrecondition", "merge NotAvailable", "nice ok", "malloc ok", "append ok", "cat ok", "suspend InvalidArgument", "kill ok", "revoke ok"];
        var said = records.Select(record => $"{record.GetProperty("syscall").GetString()} {record.GetProperty("result").GetString()!.Split(':')[0]}").ToList();
        Assert.All(expected, one => Assert.Contains(one, said));

        using var kills = await RunAsync(home, "audit", "inbox", "-s", "kill", "--since", "1h", "-n", "5");
        Assert.Matches(@"(?m)local +- → \d+ +kill +begun", kills.Output);
        Assert.DoesNotContain("nice", kills.Output, StringComparison.Ordinal);

        using var intact = await RunAsync(home, "audit", "verify");
        Assert.True(intact.ExitCode == 0, intact.Error);
        Assert.Matches(@"^\d+ records, intact; head [0-9a-f]{64}\s*$", intact.Output);

        var third = records[2].GetProperty("sequence").GetInt64();
        Change(home, string.Create(CultureInfo.InvariantCulture, $"UPDATE audit SET principal = 'nobody' WHERE seq = {third}"));
        using var broken = await RunAsync(home, "audit", "verify");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains($"Record {third} was altered", broken.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since is 'yesterday', which is no time", "--since", "yesterday")]
    [InlineData("--lines is 0: use 1 to 100000.", "-n", "0")]
    public async Task A_wrong_option_is_a_usage_error(string sentence, params string[] options)
    {
        using var home = new TempFolder();
        using var shell = await RunAsync(home, ["audit", .. options]);
        Assert.Equal(2, shell.ExitCode);
        Assert.Contains(sentence, shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_read_by_the_types_of_the_catalog()
    {
        var call = CallCommand.Read("spawn", ["name=42", "budget=12.5", "inheritContext=true", "after=3,poet", "priority=LOW"]);
        Assert.Equal("""[{"syscall":"spawn","args":{"after":[3,"poet"],"budget":12.5,"inheritContext":true,"name":"42","priority":"LOW"}}]""", SyscallJson.Write([call]));
        Assert.Throws<UsageException>(() => CallCommand.Read("kill", ["42"]));
        Assert.Throws<UsageException>(() => CallCommand.Read("kill", ["pid=1", "pid=2"]));
    }

    [Fact]
    public async Task A_sentence_is_done()
    {
        using var home = new TempFolder();
        using var spawn = await RunAsync(home, "spawn", "poet", "--mailbox");
        using var done = ShellProcess.Start(home.Path, ShellProcess.Program, ["do", "send \"we are done\" to poet", "--data", home.File("data")], embeddedModel: true);
        done.CloseInput();
        await done.WaitAsync();
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Contains("we are done", done.Output, StringComparison.Ordinal);
        using var received = await RunAsync(home, "receive", "poet", "--wait", "20");
        Assert.Equal("we are done", received.Output.Trim());
    }

    private static Task<ShellProcess> RunAsync(TempFolder home, params IEnumerable<string> arguments) =>
        ShellProcess.RunAsync(home.Path, [.. arguments, "--data", home.File("data")]);

    private static void Change(TempFolder home, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(home.File("data"), "llmos.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
