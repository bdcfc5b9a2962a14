namespace LLMOS.Benchmarks.Tests;

public sealed class BenchmarkCommandLineTests
{
    [Theory]
    [InlineData("There is no suite 'engines'", "engines")]
    [InlineData("There is no suite 'memory'", "memory", "--quick")]
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

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await BenchmarkCommandLine.RunAsync(arguments, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
