using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Tests;

/// <summary>The data folder without the configuration: the one that this finds, or none where a file may say otherwise.</summary>
public sealed class PlainFolderTests : IDisposable
{
    private readonly TempFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void It_is_what_the_command_line_the_environment_or_the_platform_says()
    {
        Assert.Equal(Path.GetFullPath("said"), PlainFolder.Find("said"));
        Assert.Equal(_home.File("variable"), Find(("LLMOS_DATA", _home.File("variable"))));
        Assert.Equal(_home.File("variable"), Find(("llmos_data", _home.File("variable"))));
        Assert.Equal(_home.File("user"), Find(("LLMOS_MODEL", "nano")));
    }

    [Fact]
    public void It_is_not_told_where_variables_contradict_each_other_or_say_nothing()
    {
        Assert.Null(Find(("LLMOS_DATA", "a"), ("llmos_data", "b")));
        Assert.Null(Find(("LLMOS_DATA", "")));
    }

    [Theory]
    [InlineData("program/appsettings.json", "{}", false)]
    [InlineData("user/llmos.json", """{ "Model": "nano", /* and */ "Models": { "Data": 1 }, }""", true)]
    [InlineData("user/llmos.json", """{ "data": "elsewhere" }""", false)]
    [InlineData("user/llmos.json", "[]", false)]
    [InlineData("user/llmos.json", "{", false)]
    public void It_is_not_told_where_a_file_may_say_otherwise(string file, string text, bool isTold)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_home.File(file))!);
        File.WriteAllText(_home.File(file), text);

        Assert.Equal(isTold ? _home.File("user") : null, Find());
        Assert.Equal(_home.File("variable"), Find(("LLMOS_DATA", _home.File("variable"))));
    }

    private string? Find(params (string Name, string Value)[] variables) =>
        PlainFolder.Find(variables.ToDictionary(variable => variable.Name, variable => variable.Value), _home.File("program"), _home.File("user"));
}
