namespace LLMOS.Benchmarks.Tests;

public sealed class BenchmarkCommandLineTests
{
    [Theory]
    [InlineData("There is no suite 'engines'", "engines")]
    [InlineData("There is no suite 'disk'", "disk", "--quick")]
    [InlineData("There is no option '--fast'", "engine", "--fast")]
    [InlineData("Say which suite to run.")]
    [InlineData("--json", "engine", "--json")]
    public async Task A_wrong_call_is_a_usage_error_in_one_sentence_that_lists_the_suites(string said, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.Equal(BenchmarkCommandLine.Usage, code);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Contains("engine, system, kernel", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_found_before_anything_is_measured()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "rows.json");
        var (code, output, errors) = await RunAsync("engine", "--json", path);

        Assert.Equal(BenchmarkCommandLine.Usage, code);
        Assert.Contains(path, errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("There is no row 'chat': --row takes planner, bare, chats,", "engine", "--row", "chats", "--row", "chat")]
    [InlineData("the suite engine, which is not asked for", "system", "--row", "chats")]
    [InlineData("the suite memory, which is not asked for", "engine", "--row", "chats", "--row", "files")]
    [InlineData("There is no llama-server at '/no/such/llama-server'", "engine", "--llama-server", "/no/such/llama-server")]
    [InlineData("There is no loadable extension at '/no/such/vec0.so'", "memory", "--sqlite-vec", "/no/such/vec0.so")]
    [InlineData("There is no driver.mjs in '/no/such/folder'", "engine", "--node-llama-cpp", "/no/such/folder")]
    [InlineData("--rounds is 0: it must be 1 to 99", "engine", "--rounds", "0")]
    [InlineData("--rounds is 100: it must be 1 to 99", "engine", "--rounds", "100")]
    public async Task An_option_that_cannot_be_followed_is_found_before_anything_is_measured(string said, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.Equal(BenchmarkCommandLine.Usage, code);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_folder_in_which_npm_was_not_run_is_refused_with_the_way_out()
    {
        using var folder = new ScriptFolder();
        folder.Add("driver.mjs", "");
        var (code, _, errors) = await RunAsync("engine", "--node-llama-cpp", folder.Path);

        Assert.Equal(BenchmarkCommandLine.Usage, code);
        Assert.Contains("run 'npm ci' there", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_come_up_fails_the_suite_with_its_last_words()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stand-in is a script with a line that names its interpreter.");
        using var folder = new ScriptFolder();
        var server = folder.Add("server", "#!/bin/sh\necho 'no such model' >&2\nexit 3\n");
        var (code, _, errors) = await RunAsync("engine", "--quick", "--row", "chats", "--llama-server", server);

        Assert.Equal(BenchmarkCommandLine.GoalMissed, code);
        Assert.Contains("ended with code 3 before it answered. Its last words: no such model", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chats_without_a_peer_say_so_and_give_no_rows()
    {
        var (code, output, errors) = await RunAsync("engine", "--quick", "--row", "chats");

        Assert.Equal(0, code);
        Assert.Contains("nobody to be compared with", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await BenchmarkCommandLine.RunAsync(arguments, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
