using LLMOS.Shell.Interactive.Editing;

namespace LLMOS.Shell.Tests.Interactive.Editing;

public sealed class LineHistoryTests
{
    [Fact]
    public void What_was_entered_is_there_again_in_the_next_shell_and_nobody_elses_to_read()
    {
        using var home = new TempFolder();
        var path = home.File("history");
        var history = new LineHistory(path);
        history.Add("spawn poet \"one\ntwo\"");
        history.Add("fs ls C:\\new");
        history.Add("  secret");

        Assert.Equal(["spawn poet \"one\ntwo\"", "fs ls C:\\new"], new LineHistory(path).Entries);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void The_oldest_are_forgotten_and_a_file_that_cannot_be_used_is_none()
    {
        using var home = new TempFolder();
        var history = new LineHistory(home.Path);
        for (var i = 0; i < 1_100; i++)
        {
            history.Add($"line {i}");
        }

        Assert.Equal((1_000, "line 100", "line 1099"), (history.Entries.Count, history.Entries[0], history.Entries[^1]));
        Assert.Equal(999, history.Find("line", 1_000));
        Assert.Equal(-1, history.Find("line", 0));
        Assert.Equal(-1, history.Find("nothing", 1_000));
    }
}
