using System.Diagnostics;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Completion;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Tests.Completion;

public sealed class WordExpectationTests
{
    [Theory]
    [InlineData("", "", nameof(WordKind.Text), "top")]
    [InlineData("", "-", nameof(WordKind.Text), "--connect")]
    [InlineData("kill", "", nameof(WordKind.Process), null)]
    [InlineData("kill 5", "", nameof(WordKind.Process), null)]
    [InlineData("kill", "--", nameof(WordKind.Text), "--tree")]
    [InlineData("--data x kill", "", nameof(WordKind.Process), null)]
    [InlineData("spawn name --parent", "", nameof(WordKind.Process), null)]
    [InlineData("spawn name role --priority", "", nameof(WordKind.Priority), "REALTIME")]
    [InlineData("spawn --model", "", nameof(WordKind.Model), null)]
    [InlineData("ps -o", "", nameof(WordKind.Text), "yaml")]
    [InlineData("fs", "", nameof(WordKind.Text), "history")]
    [InlineData("fs cat", "/", nameof(WordKind.VfsPath), null)]
    [InlineData("fs find", "/", nameof(WordKind.VfsPath), null)]
    [InlineData("find", "/", nameof(WordKind.VfsPath), null)]
    [InlineData("find --type", "", nameof(WordKind.Text), "d")]
    [InlineData("fs find / --owner", "", nameof(WordKind.Process), null)]
    [InlineData("find /", "-", nameof(WordKind.Text), "--meaning")]
    [InlineData("fs import", "", nameof(WordKind.HostPath), null)]
    [InlineData("fs import x", "", nameof(WordKind.VfsPath), null)]
    [InlineData("index", "", nameof(WordKind.HostPath), null)]
    [InlineData("run --resume", "", nameof(WordKind.Run), null)]
    [InlineData("call", "", nameof(WordKind.Syscall), null)]
    [InlineData("call kill", "", nameof(WordKind.Text), "pid=")]
    [InlineData("help", "", nameof(WordKind.Command), null)]
    [InlineData("completion", "", nameof(WordKind.Text), "fish")]
    [InlineData("config set", "", nameof(WordKind.Setting), null)]
    [InlineData("collections search", "", nameof(WordKind.Collection), null)]
    [InlineData("top --sort", "", nameof(WordKind.Text), "decode")]
    [InlineData("share /context/a", "", nameof(WordKind.Process), null)]
    [InlineData("ps extra words", "", nameof(WordKind.Text), null)]
    [InlineData("no-such-command", "", nameof(WordKind.Text), null)]
    public void The_place_says_what_may_stand_there(string line, string prefix, string kind, string? word)
    {
        using var interruption = new Interruption();
        var context = new ShellContext(new ShellConsole(TextWriter.Null, TextWriter.Null, false, false, false), interruption, Stopwatch.StartNew());
        var tree = new CommandTree(context, (_, _) => Task.FromResult(0));
        var expected = WordExpectation.Of(tree.Root, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), prefix);

        Assert.Equal(kind, expected.Kind.ToString());
        if (word is not null)
        {
            Assert.Contains(word, expected.Words);
        }

        Assert.DoesNotContain("complete", expected.Words);
    }
}
