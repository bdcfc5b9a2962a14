using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>A llama-server that runs as a child on a loopback port until it is disposed.</summary>
internal sealed class LlamaServer : IChatSubject
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly string _path;
    private readonly LlamaServerSettings _settings;
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly LastLines _said = new();

    private LlamaServer(string path, LlamaServerSettings settings, Process process, int port)
    {
        (_path, _settings, _process) = (path, settings, process);
        process.OutputDataReceived += (_, line) => _said.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _said.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // A connection for each request: one that is kept may be closed by the server in the moment in which the next request is sent.
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Name => $"llama-server, {_settings}";

    /// <summary>Starts one and waits until it has loaded the model.</summary>
    /// <exception cref="BenchmarkException">It cannot be run, ended, or did not answer in two minutes.</exception>
    public static async Task<LlamaServer> StartAsync(string path, string model, LlamaServerSettings settings, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.GetFullPath(path), settings.Arguments(model, port)) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new BenchmarkException($"The llama-server '{path}' could not be started.");
        }
        catch (Win32Exception exception)
        {
            throw new BenchmarkException($"The llama-server '{path}' could not be started ({exception.Message}): give an executable with --llama-server.");
        }

        var server = new LlamaServer(path, settings, process, port);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<ChatRun> RunAsync(ChatLoad load, CancellationToken cancellationToken)
    {
        var run = await ClosedLoop.RunAsync(load, (prompt, stop) => AskAsync(prompt, load.AnswerTokens, stop), cancellationToken);
        return _settings.CachePrompts ? run : run.Checked(Name, load);
    }

    /// <summary>Asks one prompt, greedily, and reads the stream to its end.</summary>
    public async Task<ChatAnswer> AskAsync(int[] prompt, int tokens, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/completion")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { prompt, n_predict = tokens, ignore_eos = true, temperature = 0, stream = true, cache_prompt = _settings.CachePrompts }),
                Encoding.UTF8,
                "application/json"),
        };
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new BenchmarkException($"{Name} refused a prompt of {prompt.Length} tokens with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            return await ReadAsync(reader, asked, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new BenchmarkException($"{Name} broke off an answer ({exception.Message}). {_said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<ChatAnswer> ReadAsync(StreamReader reader, long asked, CancellationToken cancellationToken)
    {
        const string Event = "data: ";
        double? first = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(Event, StringComparison.Ordinal))
                continue;
            first ??= Stopwatch.GetElapsedTime(asked).TotalSeconds;
            using var json = JsonDocument.Parse(line.AsMemory(Event.Length));
            if (json.RootElement.TryGetProperty("stop", out var stop) && stop.GetBoolean())
            {
                var generated = json.RootElement.GetProperty("tokens_predicted").GetInt64();
                return new ChatAnswer(json.RootElement.GetProperty("timings").GetProperty("prompt_n").GetInt64(), generated, first.Value);
            }
        }

        throw new BenchmarkException($"{Name} ended an answer without saying how many tokens it has. {_said}");
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeToStart)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancellationToken);
                throw new BenchmarkException($"The llama-server '{_path}' ended with code {_process.ExitCode} before it answered. {_said}");
            }

            try
            {
                using var health = await _http.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
                if (health.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(Poll, cancellationToken);
        }

        throw new BenchmarkException($"The llama-server '{_path}' did not answer in {TimeToStart.TotalSeconds:0} s. {_said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
