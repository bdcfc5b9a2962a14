#pragma warning disable xUnit1051 // What is waited for has limits of its own.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using LLMOS.Tests.Documents;

namespace LLMOS.Tests.Telemetry;

/// <summary>
/// A silo in a process of its own that exports all it has: by OTLP to a collector that the standard variables name, to a scrape of Prometheus, as JSON on its standard error, and to the Orleans Dashboard.
/// </summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task What_a_silo_did_is_in_its_traces_metrics_and_logs_exactly()
    {
        using var folder = new TemporaryFolder();
        using var collector = new OtlpCollector();
        var child = new SiloProcess(folder.Path, "--threads", "1")
        {
            Environment =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = "llmos-under-test",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
                ["Logging__Console__FormatterName"] = "json",
            },
        };
        using var silo = await child.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(child.Health, "/") };
        var before = await PrometheusScrape.OfAsync(http);

        var mailbox = await SpawnAsync(http, new { name = "mailbox", program = "mailbox" });
        var lost = await SpawnAsync(http, new { name = "lost", model = "nowhere" });
        await PostAsync(http, "vapi/v1/messages", new { to = mailbox, text = "never taken out", type = "notification" });
        await PostAsync(http, $"vapi/v1/processes/{mailbox}/kill", new { });
        var calls = await PostAsync(http, "vapi/v1/syscalls", new { calls = new object[] { new { syscall = "ps", args = new { } }, new { syscall = "kill", args = new { pid = 999_999 } } } });
        var usage = (await PostAsync(http, "v1/chat/completions", new { model = "default", messages = new[] { new { role = "user", content = "Hello." } }, max_tokens = 7 })).GetProperty("usage");
        await PostAsync(http, "vapi/v1/messages", new { to = lost, text = "think", type = "request" });
        var failure = await silo.WaitForAsync(output => FailedTurn().IsMatch(output), TimeSpan.FromSeconds(30), "record of the turn that failed");

        await CheckMetricsAsync(http, before, usage);
        await CheckTracesAsync(collector);
        CheckLog(JsonElement.Parse(FailedTurn().Match(failure).Value), lost);
        await collector.UntilAsync(
            seen => seen.Logs.Any(record => record.Trace.Length == 32 && record.Text.Contains($"Process {lost}: the turn for message", StringComparison.Ordinal)), "the log's record of the turn that failed");
        await CheckDashboardsAsync(http);
        Assert.Equal(2, calls.GetProperty("results").GetArrayLength());

        silo.Interrupt();
        await silo.WaitForExitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task CheckMetricsAsync(HttpClient http, PrometheusScrape before, JsonElement usage)
    {
        var (prompt, answer) = (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
        var after = await PrometheusScrape.OfAsync(http);
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline && !IsDone();)
        {
            // The chat's process ends behind its answer, and a turn behind the record of its failure.
            await Task.Delay(100);
            after = await PrometheusScrape.OfAsync(http);
        }

        // The mailbox, the one without a model, and the chat's own process.
        Assert.Equal(3, Change("llmos_processes_spawned_total"));
        Assert.Equal(1, Change("llmos_processes_ended_total", ("reason", "kill")));
        Assert.Equal(1, Change("llmos_processes_ended_total", ("reason", "exit")));

        // What nobody took out of the mailbox, and what the turn failed at.
        Assert.Equal(2, Change("llmos_messages_dead_total", ("reason", "dropped")));
        Assert.Equal(2, Change("llmos_messages_sent_total", ("type", "request")));
        Assert.Equal(1, Change("llmos_syscall_duration_seconds_count", ("syscall", "ps"), ("result", "ok")));
        Assert.Equal(1, Change("llmos_syscall_duration_seconds_count", ("syscall", "kill"), ("result", "NotFound")));
        Assert.Equal(1, Change("llmos_syscall_duration_seconds_count", ("syscall", "kill"), ("result", "ok")));
        Assert.Equal(1, Change("llmos_turn_duration_seconds_count", ("program", "completion"), ("result", "committed")));
        Assert.Equal(1, Change("llmos_turn_duration_seconds_count", ("program", "agent"), ("result", "failed")));
        Assert.Equal(1, Change("llmos_http_request_duration_seconds_count", ("door", "openai"), ("http_response_status_code", "200")));
        Assert.Equal(answer, Change("gen_ai_client_token_usage_sum", ("gen_ai_token_type", "output")));
        Assert.Equal(prompt, Change("gen_ai_client_token_usage_sum", ("gen_ai_token_type", "input")));
        Assert.Equal(answer, Change("llmos_engine_decoded_tokens_total"));
        Assert.Equal(prompt, Change("llmos_engine_prefilled_tokens_total") + Change("llmos_engine_cached_tokens_total"));
        Assert.Equal(1, Change("gen_ai_server_time_to_first_token_seconds_count", ("gen_ai_operation_name", "chat")));
        Assert.True(after["llmos_engine_kv_cells_total"] > 0);
        Assert.Equal(["L1", "L2", "L3", "RAM", "disk", "embeddings"], after.Values("llmos_memory_pages", "level").Order(StringComparer.Ordinal));
        Assert.Equal(["blocked", "running", "suspended", "terminated", "thinking"], after.Values("llmos_processes", "state").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(after.Names, name => name.StartsWith("llmos_tokens", StringComparison.Ordinal));

        foreach (var dashboard in Directory.GetFiles(Repository.File("docs", "grafana"), "*.json"))
        {
            var panels = MetricName().Matches(await File.ReadAllTextAsync(dashboard)).Select(name => name.Value).Distinct().ToList();
            Assert.NotEmpty(panels);
            Assert.All(panels, name => Assert.Contains(name, after.Names));
        }

        bool IsDone() => Change("llmos_http_request_duration_seconds_count", ("door", "openai")) >= 1
            && Change("llmos_turn_duration_seconds_count", ("program", "completion")) >= 1
            && Change("llmos_turn_duration_seconds_count", ("program", "agent")) >= 1
            && Change("gen_ai_server_time_to_first_token_seconds_count") >= 1;

        double Change(string name, params (string Label, string Value)[] labels) => after[name, labels] - before[name, labels];
    }

    private static async Task CheckTracesAsync(OtlpCollector collector)
    {
        await collector.UntilAsync(
            seen => seen.Spans.Any(span => span.Name == "POST /v1/chat/completions") && seen.Spans.Any(span => span.Name == "engine.decode") && seen.Spans.Any(span => span.Name == "invoke_agent chat"), "the trace of the chat");
        var request = collector.Spans.First(span => span.Name == "POST /v1/chat/completions");
        foreach (var name in (string[])["send vmp", "invoke_agent chat", "engine.queue", "engine.prefill", "engine.decode"])
        {
            Assert.Contains(collector.Spans, span => span.Name == name && span.Trace == request.Trace);
        }

        Assert.Contains("llmos-under-test", collector.Services);
        await collector.UntilAsync(seen => seen.Metrics.Contains("llmos.engine.kv_cells") && seen.Metrics.Contains("gen_ai.server.time_to_first_token") && seen.Metrics.Contains("llmos.processes"), "the metrics");

        // Grains that call each other on clocks of their own are no traces.
        var roots = collector.Spans.Where(span => span.Parent.Length == 0).Select(span => span.Name).Distinct();
        Assert.DoesNotContain(roots, name => name.StartsWith("ISchedulerGrain", StringComparison.Ordinal) || name.StartsWith("IDeviceGossip", StringComparison.Ordinal));
    }

    private static void CheckLog(JsonElement record, long pid)
    {
        Assert.Equal("Error", record.GetProperty("LogLevel").GetString());
        var scopes = record.GetProperty("Scopes").EnumerateArray().Where(scope => scope.ValueKind == JsonValueKind.Object).ToList();
        Assert.Contains(scopes, scope => scope.TryGetProperty("Pid", out var shown) && shown.GetInt64() == pid);
        Assert.Contains(scopes, scope => scope.TryGetProperty("TraceId", out var trace) && trace.GetString()!.Trim('0').Length > 0);
    }

    private static async Task CheckDashboardsAsync(HttpClient http)
    {
        var shown = await http.GetFromJsonAsync<JsonElement>("dashboard/DashboardCounters");
        var silo = shown.GetProperty("hosts")[0].GetProperty("siloAddress").GetString()!;
        var seen = "";
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline && !seen.Contains("llmos-processes", StringComparison.Ordinal);)
        {
            using var counters = await http.GetAsync($"dashboard/SiloCounters/{Uri.EscapeDataString(silo)}");
            seen = counters.StatusCode == HttpStatusCode.OK ? await counters.Content.ReadAsStringAsync() : $"{counters.StatusCode} for {silo} of {shown}";
            await Task.Delay(200);
        }

        Assert.Contains("llmos-processes", seen, StringComparison.Ordinal);
        Assert.Contains("llmos-kv-cells-total", seen, StringComparison.Ordinal);
    }

    private static async Task<long> SpawnAsync(HttpClient http, object body) => (await PostAsync(http, "vapi/v1/processes", body)).GetProperty("pid").GetInt64();

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    [GeneratedRegex("""^\{.*the turn for message.*\}\r?$""", RegexOptions.Multiline)]
    private static partial Regex FailedTurn();

    [GeneratedRegex(@"\b(llmos|gen_ai)_[a-z0-9_]+_(total|seconds|count|sum|bucket)\b|\bllmos_[a-z0-9_]+\b|\bgen_ai_[a-z_]+_(bucket|count|sum)\b")]
    private static partial Regex MetricName();
}
