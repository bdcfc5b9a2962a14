using LLMOS.Shell.Interactive;

namespace LLMOS.Shell.Tests.Interactive;

public sealed class ShellLineTests
{
    private static readonly string[] Commands = ["ps", "run", "ask"];

    [Theory]
    [InlineData("", "Nothing", "")]
    [InlineData("  \t", "Nothing", "")]
    [InlineData("# a comment", "Nothing", "")]
    [InlineData("ps -a", "Command", "ps -a")]
    [InlineData("  llmos ps -a ", "Command", "ps -a")]
    [InlineData("help", "Command", "--help")]
    [InlineData("help run", "Command", "run --help")]
    [InlineData("--version", "Command", "--version")]
    [InlineData("exit", "Exit", "")]
    [InlineData("quit", "Exit", "")]
    [InlineData("\"Create a web server\"", "Request", "Create a web server")]
    [InlineData("'Create it'", "Request", "Create it")]
    [InlineData("“Create it”", "Request", "Create it")]
    [InlineData("\"ps\"", "Request", "ps")]
    [InlineData("Create a web server", "NoCommand", "Create a web server")]
    [InlineData("pss", "NoCommand", "pss")]
    [InlineData("\"one\" and \"two\"", "NoCommand", "\"one\" and \"two\"")]
    [InlineData("\"\"", "NoCommand", "\"\"")]
    public void A_line_is_read(string line, string kind, string text) =>
        Assert.Equal(new ShellLine(Enum.Parse<ShellLineKind>(kind), text), ShellLine.Read(line, Commands));
}
