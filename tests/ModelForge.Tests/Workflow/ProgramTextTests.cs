using ModelForge.Corpus.Workflow;

namespace ModelForge.Tests.Workflow;

public sealed class ProgramTextTests
{
    [Fact]
    public void A_file_comes_back_from_its_answer()
    {
        var file = new ProgramText("words.py", ProgramText.Python, "print('a')\n");

        Assert.Equal(file, ProgramText.Extract(file.ToAnswer()));
        Assert.Equal(file, ProgramText.Extract($"Here it is:\n\n{file.ToAnswer()}\nRun it."));
    }

    [Theory]
    [InlineData("```\nlet a = 1;\n```", "", "js")]
    [InlineData("a.py\n```\na = 1\n```", "a.py", "python")]
    [InlineData("```Python3\na = 1\n```", "", "python")]
    public void A_block_may_leave_its_path_or_language_out(string answer, string path, string language)
    {
        var program = ProgramText.Extract(answer)!;

        Assert.Equal((path, language), (program.Path, program.Language));
    }

    [Theory]
    [InlineData("")]
    [InlineData("print(1)")]
    [InlineData("a.py\n```python\nprint(1)\n")]
    public void No_block_or_one_without_an_end_is_no_file(string answer) => Assert.Null(ProgramText.Extract(answer));
}
