using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace LLMOS.Tests.Telemetry;

/// <summary>A collector that OTLP is sent to over HTTP, as protocol buffers.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly Task _running;

    public OtlpCollector()
    {
        var port = FreePorts.Next();
        Address = new Uri($"http://127.0.0.1:{port}");
        _listener.Prefixes.Add($"{Address}");
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Address { get; }

    public IReadOnlyList<OtlpSpan> Spans => [.. Received("/v1/traces").SelectMany(request => request.At(1, 2, 2))
        .Select(span => new OtlpSpan(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Attributes(9)))];

    public IReadOnlyCollection<string> Metrics => [.. Received("/v1/metrics").SelectMany(request => request.At(1, 2, 2)).Select(metric => metric.Text(1)).Distinct()];

    public IReadOnlyList<OtlpLog> Logs => [.. Received("/v1/logs").SelectMany(request => request.At(1, 2, 2))
        .Select(record => new OtlpLog(record.At(5).First().Text(1), record.Hex(9), record.Attributes(6)))];

    /// <summary>The names of the services that sent something.</summary>
    public IReadOnlyCollection<string> Services => [.. Received("/v1/traces").SelectMany(request => request.At(1, 1)).Select(resource => resource.Attributes(1).GetValueOrDefault("service.name", "")).Distinct()];

    public async Task UntilAsync(Func<OtlpCollector, bool> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition(this))
        {
            Assert.True(
                Stopwatch.GetElapsedTime(began) < Limit,
                $"{what} did not come within {Limit}; there are the spans\n{string.Join('\n', Spans)}\nthe metrics\n{string.Join('\n', Metrics)}\nand the logs\n{string.Join('\n', Logs)}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _running.GetAwaiter().GetResult();
    }

    private IEnumerable<ProtobufMessage> Received(string path) => _received.Where(request => request.Path == path).Select(request => new ProtobufMessage(request.Body));

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or IOException)
        {
        }
    }
}
