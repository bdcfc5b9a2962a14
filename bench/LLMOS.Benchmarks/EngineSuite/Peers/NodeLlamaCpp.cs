using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>node-llama-cpp in a Node process of its own, driven by lines of JSON (<c>bench/peers/node-llama-cpp/driver.mjs</c>).</summary>
internal sealed class NodeLlamaCpp : IChatSubject
{
    private const string Driver = "driver.mjs";
    private const int BatchTokens = 512;

    private readonly Process _process;
    private readonly LastLines _said = new();
    private readonly int _sequences;

    private NodeLlamaCpp(Process process, int sequences)
    {
        (_process, _sequences) = (process, sequences);
        process.ErrorDataReceived += (_, line) => _said.Add(line.Data);
        process.BeginErrorReadLine();
    }

    public string Name => $"node-llama-cpp, {_sequences} {(_sequences == 1 ? "sequence" : "sequences")}";

    /// <summary>Why a folder cannot be used; null when it can.</summary>
    public static string? WhyNotUsable(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Driver)))
            return $"There is no {Driver} in '{folder}': give the folder bench/peers/node-llama-cpp with --node-llama-cpp, or leave the option out.";
        return Directory.Exists(Path.Combine(folder, "node_modules", "node-llama-cpp"))
            ? null
            : $"node-llama-cpp is not installed in '{folder}': run 'npm ci' there, or leave --node-llama-cpp out.";
    }

    /// <summary>Starts Node and loads the model.</summary>
    /// <param name="folder">Where the driver is.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="sequences">Chats at once.</param>
    /// <param name="cells">KV cells of each.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="BenchmarkException">Node is not there, or could not load the model.</exception>
    public static async Task<NodeLlamaCpp> StartAsync(string folder, string model, int sequences, int cells, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [Driver])
        {
            WorkingDirectory = Path.GetFullPath(folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new BenchmarkException("Node could not be started.");
        }
        catch (Win32Exception exception)
        {
            throw new BenchmarkException($"'node' could not be started ({exception.Message}): put Node.js 20 or newer on the PATH, or leave --node-llama-cpp out.");
        }

        var node = new NodeLlamaCpp(process, sequences);
        try
        {
            await node.AskAsync(
                new JsonObject { ["op"] = "load", ["model"] = Path.GetFullPath(model), ["threads"] = 1, ["sequences"] = sequences, ["cells"] = cells, ["batch"] = BatchTokens },
                cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task<ChatRun> RunAsync(ChatLoad load, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new JsonObject { ["op"] = "run", ["chats"] = JsonSerializer.SerializeToNode(load.Chats), ["tokens"] = load.AnswerTokens }, cancellationToken);
        var run = new ChatRun(
            answer.GetProperty("seconds").GetDouble(),
            answer.GetProperty("prefilled").GetInt64(),
            answer.GetProperty("generated").GetInt64(),
            [.. answer.GetProperty("first").EnumerateArray().Select(seconds => seconds.GetDouble())]);
        return run.Checked(Name, load);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        string? line;
        try
        {
            await _process.StandardInput.WriteLineAsync(request.ToJsonString().AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        }
        catch (IOException)
        {
            line = null;
        }

        if (line is null)
        {
            await _process.WaitForExitAsync(cancellationToken);
            throw new BenchmarkException($"node-llama-cpp ended with code {_process.ExitCode}. {_said}");
        }

        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        return answer.GetProperty("ok").GetBoolean()
            ? answer
            : throw new BenchmarkException($"node-llama-cpp could not {request["op"]}: {answer.GetProperty("error").GetString()}");
    }
}
