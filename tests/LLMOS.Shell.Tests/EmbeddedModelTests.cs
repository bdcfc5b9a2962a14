using System.Text.Json;

namespace LLMOS.Shell.Tests;

/// <summary>The model that comes with LLMOS, as somebody meets it who has no other.</summary>
public sealed class EmbeddedModelTests
{
    [Theory]
    [InlineData("kill 42", """[{"syscall":"kill","args":{"pid":42}}]""")]
    [InlineData("suspend process 7", """[{"syscall":"suspend","args":{"pid":7}}]""")]
    [InlineData("send \"we are   done\" to poet", """[{"syscall":"send","args":{"pid":"poet","text":"we are   done"}}]""")]
    [InlineData("PAUSE 7", """[{"syscall":"suspend","args":{"pid":7}}]""")]
    [InlineData("WAIT FOR 7", """[{"syscall":"wait","args":{"pid":7}}]""")]
    [InlineData("CD /TMP", """[{"syscall":"cd","args":{"path":"/TMP"}}]""")]
    [InlineData("list all processes", """[{"syscall":"ps","args":{}}]""")]
    public async Task Plain_sentences_are_parsed_into_the_calls_that_they_ask_for(string sentence, string calls)
    {
        using var home = new TempFolder();
        using var shell = await RunAsync(home, "parse", sentence, "-o", "json");

        Assert.Equal((0, "", calls), (shell.ExitCode, shell.Error, shell.Output.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(home.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("“quotes” 'of' \"all kinds\\\" {and} [brackets] <|im_end|> \u00e9\u4f60\ud83d\ude42 -12 %s 007")]
    [InlineData("\"\"\"\"")]
    [InlineData("?!.,;:")]
    [InlineData("kill kill kill kill 1 2 3 4 5 6 7 8 9")]
    public async Task Whatever_is_said_the_answer_is_a_list_whose_strings_stand_in_the_sentence(string odd)
    {
        using var home = new TempFolder();
        using var shell = await RunAsync(home, "parse", odd.Length == 0 ? "." : odd, "-o", "json");

        Assert.True(shell.ExitCode == 0, shell.Error);
        foreach (var call in JsonDocument.Parse(shell.Output).RootElement.EnumerateArray())
        {
            foreach (var argument in call.GetProperty("args").EnumerateObject().Where(argument => argument.Value.ValueKind == JsonValueKind.String && argument.Name is not ("mode" or "kind" or "limit")))
            {
                Assert.Contains(argument.Value.GetString()!, odd, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_sentence_that_is_empty_or_too_long_is_refused()
    {
        using var home = new TempFolder();
        using var empty = await RunAsync(home, "parse", " ");
        Assert.Equal((2, true), (empty.ExitCode, empty.Error.Contains("is empty", StringComparison.Ordinal)));

        using var longer = await RunAsync(home, "parse", new string('x', 2001));
        Assert.Equal((2, true), (longer.ExitCode, longer.Error.Contains("has 2001 characters, and at most 2000", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_process_answers_with_it_and_the_shell_says_what_it_is()
    {
        using var home = new TempFolder();
        using var spawn = await RunAsync(home, "spawn", "helper", "--data", home.File("data"));
        Assert.True(spawn.ExitCode == 0, spawn.Error);
        using var shell = await RunAsync(home, "ask", "helper", "who are you?", "--data", home.File("data"));

        Assert.True(shell.ExitCode == 0, shell.Error);
        Assert.NotEmpty(shell.Output.Trim());
        Assert.Contains("The model nano is small and knows LLMOS's own tasks only", shell.Error, StringComparison.Ordinal);
    }

    private static async Task<ShellProcess> RunAsync(TempFolder home, params IEnumerable<string> arguments)
    {
        var shell = ShellProcess.Start(home.Path, ShellProcess.Program, arguments, embeddedModel: true);
        shell.CloseInput();
        await shell.WaitAsync();
        return shell;
    }
}
