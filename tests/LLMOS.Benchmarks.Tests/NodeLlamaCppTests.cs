using LLMOS.Benchmarks.EngineSuite.Peers;

namespace LLMOS.Benchmarks.Tests;

/// <summary>The protocol with the driver of node-llama-cpp, against stand-ins for the driver.</summary>
public sealed class NodeLlamaCppTests
{
    private const string Lines = """import {createInterface} from "node:readline"; for await (const line of createInterface({input: process.stdin})) {""";

    [Fact]
    public async Task It_loads_and_runs_chats_by_lines_of_json()
    {
        using var folder = new ScriptFolder();
        folder.Add(
            "driver.mjs",
            Lines + """
                const request = JSON.parse(line);
                const prompts = (request.chats ?? []).flat();
                console.log(JSON.stringify(request.op === "load"
                    ? {ok: request.threads === 1 && request.sequences === 2 && request.cells === 256 && request.model.endsWith("/m.gguf")}
                    : {ok: true, seconds: 2, prefilled: prompts.flat().length, generated: prompts.length * request.tokens, first: prompts.map(() => 0.5)}));
            }
            """);
        await using var node = await NodeLlamaCpp.StartAsync(folder.Path, "m.gguf", sequences: 2, cells: 256, TestContext.Current.CancellationToken);
        var run = await node.RunAsync(new ChatLoad([[[1, 2], [3]], [[4]]], AnswerTokens: 5), TestContext.Current.CancellationToken);

        Assert.Equal("node-llama-cpp, 2 sequences", node.Name);
        Assert.Equal((4, 15, 7.5), (run.Prefilled, run.Generated, run.TokensPerSecond));
        Assert.Equal([0.5, 0.5, 0.5], run.FirstTokens);
    }

    [Fact]
    public async Task What_the_driver_cannot_do_is_a_sentence()
    {
        using var folder = new ScriptFolder();
        folder.Add("driver.mjs", Lines + """console.log(JSON.stringify({ok: false, error: "there is no prebuilt binary"})); }""");
        var error = await Assert.ThrowsAsync<BenchmarkException>(
            () => NodeLlamaCpp.StartAsync(folder.Path, "m.gguf", sequences: 1, cells: 256, TestContext.Current.CancellationToken));
        Assert.Equal("node-llama-cpp could not load: there is no prebuilt binary", error.Message);
    }

    [Fact]
    public async Task A_driver_that_ends_is_a_sentence_with_its_code()
    {
        using var folder = new ScriptFolder();
        folder.Add("driver.mjs", "process.exitCode = 7;");
        var error = await Assert.ThrowsAsync<BenchmarkException>(
            () => NodeLlamaCpp.StartAsync(folder.Path, "m.gguf", sequences: 1, cells: 256, TestContext.Current.CancellationToken));
        Assert.StartsWith("node-llama-cpp ended with code 7.", error.Message, StringComparison.Ordinal);
    }
}
