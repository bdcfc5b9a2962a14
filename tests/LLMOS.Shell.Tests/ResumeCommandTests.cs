namespace LLMOS.Shell.Tests;

public sealed class ResumeCommandTests
{
    [Theory]
    [InlineData("webserver-k7q2zd", "webserver-k7q2zd")]
    [InlineData("/a b/c", "'/a b/c'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm)", "'$(rm)'")]
    [InlineData("", "''")]
    public void Words_are_quoted_for_a_shell(string word, string quoted) => Assert.Equal(quoted, ResumeCommand.Quote(word));

    [Fact]
    public void The_program_is_called_as_it_can_be_found()
    {
        using var folder = new TempFolder();
        var program = folder.File("llmos");
        File.WriteAllText(program, "");

        Assert.Equal(program, ResumeCommand.ProgramName(program, "/usr/bin"));
        Assert.Equal("llmos", ResumeCommand.ProgramName(program, $"/usr/bin{Path.PathSeparator}{folder.Path}"));
        Assert.Equal("llmos", ResumeCommand.ProgramName("/usr/share/dotnet/dotnet", ""));
    }
}
