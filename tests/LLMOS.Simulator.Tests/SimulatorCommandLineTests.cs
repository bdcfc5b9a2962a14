using System.Text.Json;
using LLMOS.Inference.Planning;

namespace LLMOS.Simulator.Tests;

public sealed class SimulatorCommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-simulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task All_policies_are_run_and_told_as_a_table_and_as_json()
    {
        var json = Path.Combine(_folder, "figures.json");
        var (code, output, errors) = await Run("--requests", "300", "--rate", "30", "--devices", "2", "--json", json);
        Assert.Equal(0, code);
        Assert.All(StepPlanners.Names, policy => Assert.Contains($"{policy}: 300 requests on 2 devices", errors));
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        var classes = document.RootElement.GetProperty("classes").EnumerateArray().ToList();
        Assert.Equal(StepPlanners.Names, classes.Select(row => row.GetProperty("policy").GetString()!).Distinct());
        Assert.All(classes.Where(row => row.GetProperty("class").GetString() == "all"), row =>
        {
            Assert.Equal(300, row.GetProperty("requests").GetInt32());
            Assert.InRange(row.GetProperty("fairness").GetDouble(), 0.01, 1);
            Assert.True(row.GetProperty("timeToFirstToken").GetProperty("p99").GetDouble() > 0);
        });
        Assert.Equal(StepPlanners.Names.Count, document.RootElement.GetProperty("totals").GetArrayLength());
        Assert.Contains("TTFT", output);
    }

    [Theory]
    [InlineData("There is no scheduling policy 'lottery': use fair, rr, priority, fcfs or plas.", "--policy", "fair,lottery")]
    [InlineData("--devices is 0: it must be 1 or more.", "--devices", "0")]
    [InlineData("--rate is 0: it must be a number above 0.", "--rate", "0")]
    [InlineData("--help lists the options.", "--colour", "red")]
    [InlineData("cannot be read", "--trace", "/no/such/trace.csv")]
    [InlineData("cannot be written", "--json", "/no/such/folder/figures.json")]
    public async Task A_wrong_call_is_refused_in_a_sentence(string sentence, params string[] args)
    {
        var (code, _, errors) = await Run(args);
        Assert.Equal(SimulatorCommandLine.Usage, code);
        Assert.Contains(sentence, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static async Task<(int Code, string Output, string Errors)> Run(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        return (await SimulatorCommandLine.RunAsync(args, output, errors), output.ToString(), errors.ToString());
    }
}
