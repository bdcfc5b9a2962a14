using System.Diagnostics;
using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.EngineSuite.Peers;

namespace LLMOS.Benchmarks.Tests;

/// <summary>The driver of a llama-server, against a stand-in that speaks its HTTP interface.</summary>
public sealed class LlamaServerTests
{
    /// <summary>Answers as a llama-server does: an event a token, and one more with the counts. A prompt of 13 tokens is refused, one of 14 broken off.</summary>
    private const string StandIn =
        """
        #!/usr/bin/env node
        const http = require("node:http");
        const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
        let asked = 0;
        http.createServer((request, response) => {
            if (request.url === "/health")
                return response.writeHead(asked++ === 0 ? 503 : 200).end("{}");
            let body = "";
            request.on("data", (chunk) => body += chunk);
            request.on("end", () => {
                const {prompt, n_predict, ignore_eos, temperature, stream, cache_prompt} = JSON.parse(body);
                if (prompt.length === 13 || !ignore_eos || temperature !== 0 || !stream || request.url !== "/completion")
                    return response.writeHead(400).end("the prompt is too long");
                response.writeHead(200, {"content-type": "text/event-stream"});
                for (let i = 0; i < n_predict; i++)
                    response.write(`data: ${JSON.stringify({content: "a", stop: false})}\n\n`);
                if (prompt.length === 14)
                    return response.end();
                response.end(`data: ${JSON.stringify({content: "", stop: true, tokens_predicted: n_predict, timings: {prompt_n: cache_prompt ? 1 : prompt.length}})}\n\n`);
            });
        }).listen(port, "127.0.0.1");
        console.log("process", process.pid);
        """;

    private static readonly LlamaServerSettings Settings = new(Slots: 2, CellsPerSlot: 256);

    [Fact]
    public async Task It_waits_until_the_model_is_loaded_runs_the_chats_and_ends_its_child()
    {
        using var folder = new ScriptFolder();
        var server = await StartAsync(folder, Settings);
        var load = new ChatLoad([[[1, 2, 3], [4, 5]], [[6]]], AnswerTokens: 7);
        ChatRun run;
        await using (server)
        {
            run = await server.RunAsync(load, TestContext.Current.CancellationToken);
            Assert.Single(Running(folder));
        }

        Assert.Equal(6, run.Prefilled);
        Assert.Equal(21, run.Generated);
        Assert.Equal(3, run.FirstTokens.Count);
        Assert.All(run.FirstTokens, seconds => Assert.InRange(seconds, 0, run.Seconds));
        Assert.Empty(Running(folder));
    }

    [Fact]
    public async Task A_prompt_that_came_from_a_cache_is_no_work_unless_that_is_what_is_measured()
    {
        using var folder = new ScriptFolder();
        await using var server = await StartAsync(folder, Settings with { CachePrompts = true });
        var answer = await server.AskAsync([1, 2, 3], 4, TestContext.Current.CancellationToken);
        Assert.Equal((1, 4), (answer.Prefilled, answer.Generated));

        var load = new ChatLoad([[[1, 2, 3]]], AnswerTokens: 4);
        var run = await server.RunAsync(load, TestContext.Current.CancellationToken);
        var error = Assert.Throws<BenchmarkException>(() => run.Checked("A server", load));
        Assert.Contains("A server computed 1 prompt tokens and generated 4 in 1 answers, where 3, 4 and 1 were due", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, "refused a prompt of 13 tokens with 400: the prompt is too long")]
    [InlineData(14, "ended an answer without saying how many tokens it has")]
    public async Task An_answer_that_is_none_is_a_sentence(int tokens, string said)
    {
        using var folder = new ScriptFolder();
        await using var server = await StartAsync(folder, Settings);
        var error = await Assert.ThrowsAsync<BenchmarkException>(() => server.AskAsync(new int[tokens], 2, TestContext.Current.CancellationToken));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_executed_is_a_sentence()
    {
        var path = typeof(LlamaServerTests).Assembly.Location + ".none";
        var error = await Assert.ThrowsAsync<BenchmarkException>(() => LlamaServer.StartAsync(path, "model.gguf", Settings, TestContext.Current.CancellationToken));
        Assert.Contains($"The llama-server '{path}' could not be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_started_on_one_thread_with_room_for_all_its_slots()
    {
        var line = string.Join(' ', (Settings with { Clients = 9 }).Arguments("m.gguf", 80));
        Assert.Contains("-m m.gguf --host 127.0.0.1 --port 80 -t 1 -tb 1", line, StringComparison.Ordinal);
        Assert.Contains("-np 2 -c 512 -no-kvu", line, StringComparison.Ordinal);
        Assert.EndsWith("--threads-http 13", line, StringComparison.Ordinal);
        Assert.Contains("-kvu", (Settings with { Unified = true }).Arguments("m.gguf", 80));
    }

    [Fact]
    public void The_best_setting_is_sought_among_a_slot_for_each_and_half_as_many()
    {
        Assert.Equal(["1 slot"], ChatBenchmark.Candidates(1, 256).Select(candidate => candidate.ToString()));
        Assert.Equal(["8 slots", "8 slots of one cache", "4 slots"], ChatBenchmark.Candidates(8, 256).Select(candidate => candidate.ToString()));
    }

    private static Task<LlamaServer> StartAsync(ScriptFolder folder, LlamaServerSettings settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stand-in is a script with a line that names its interpreter.");
        return LlamaServer.StartAsync(folder.Add("llama-server", StandIn), "model.gguf", settings, TestContext.Current.CancellationToken);
    }

    private static List<int> Running(ScriptFolder folder)
    {
        var found = new List<int>();
        foreach (var process in Process.GetProcessesByName("node"))
        {
            using (process)
            {
                try
                {
                    if (File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(folder.Path, StringComparison.Ordinal))
                        found.Add(process.Id);
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
        }

        return found;
    }
}
