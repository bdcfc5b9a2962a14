#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Tests.Clusters;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Client.Tests.Telemetry;

/// <summary>Traces of a running system: what one request or message causes is one trace, and each span is under what caused it.</summary>
public sealed class TraceTests(TracedSilo silo) : IClassFixture<TracedSilo>
{
    private static readonly string[] EngineParts = [SpanNames.Queue, SpanNames.Prefill, SpanNames.Decode];

    [Fact]
    public async Task A_request_is_one_trace_from_the_clients_own_span_to_the_tokens()
    {
        using var spans = new SpanLog();
        using var http = new HttpClient { BaseAddress = silo.Address };
        var (trace, client) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent("""{"model":"tools","messages":[{"role":"user","content":"Hello."}],"max_tokens":5,"seed":1}""", Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", $"00-{trace}-{client}-01" } },
        };
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var usage = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("usage");

        // The turn's span has the end of its process in it, which comes after the answer.
        var all = await spans.UntilAsync(trace, ended => EngineParts.Append("invoke_agent chat").All(part => ended.Any(span => span.DisplayName == part)) && ended.Any(span => span.Source.Name == "Microsoft.AspNetCore"));
        var door = Assert.Single(all, span => span.Source.Name == "Microsoft.AspNetCore");
        Assert.Equal((client, "POST /v1/chat/completions"), (door.ParentSpanId, door.DisplayName));
        Assert.Equal(200, door.GetTagItem(MetricNames.HttpStatus));
        Assert.Equal("openai", door.GetTagItem("llmos.door"));

        var turn = Assert.Single(all, span => span.DisplayName == "invoke_agent chat");
        Assert.Equal(ActivityKind.Consumer, turn.Kind);
        Assert.Equal("committed", turn.GetTagItem(SpanNames.TurnResult));
        var sent = SpanLog.Above(turn, all).ToList();
        Assert.Equal(SpanNames.Send, sent[0].DisplayName);
        Assert.Contains(door, sent);

        var inference = Assert.Single(all, span => span.DisplayName.StartsWith("chat ", StringComparison.Ordinal));
        Assert.Equal(turn.SpanId, inference.ParentSpanId);
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32(), inference.GetTagItem(GenAiNames.InputTokens));
        Assert.Equal(usage.GetProperty("completion_tokens").GetInt32(), inference.GetTagItem(GenAiNames.OutputTokens));
        var parts = EngineParts.Select(part => Assert.Single(all, span => span.DisplayName == part)).ToList();
        Assert.All(parts, part => Assert.Equal(inference.SpanId, part.ParentSpanId));
        Assert.Equal(parts, parts.OrderBy(part => part.StartTimeUtc));
        Assert.Equal(parts[0].StartTimeUtc + parts[0].Duration, parts[1].StartTimeUtc);
        Assert.Equal(5, parts[2].GetTagItem(GenAiNames.OutputTokens));

        // The answer goes back in the same trace, under the turn that gave it.
        Assert.Contains(all, span => span.DisplayName == SpanNames.Send && span.ParentSpanId == turn.SpanId);
        Assert.Contains(all, span => span.Source.Name.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal) && SpanLog.Above(span, all).Contains(turn));
    }

    [Fact]
    public async Task A_message_from_one_process_to_another_is_one_trace_over_both()
    {
        using var spans = new SpanLog();
        var asked = await silo.Client.SpawnAsync(new ProcessSpec { Name = "asked", Program = AskingProgram.ProgramName });
        var asking = await silo.Client.SpawnAsync(new ProcessSpec { Name = "asking", Program = AskingProgram.ProgramName });
        ActivityTraceId trace;
        using (var root = spans.Begin())
        {
            trace = root.TraceId;
            Assert.Equal("hello", (await silo.Client.AskAsync(asking.Pid, $"{asked.Pid} hello")).Payload);
        }

        var all = await spans.UntilAsync(trace, ended => ended.Count(span => span.DisplayName.StartsWith("invoke_agent ", StringComparison.Ordinal)) == 2 && ended.Any(span => span.DisplayName == "test"));
        var (first, second) = (Assert.Single(all, span => span.DisplayName == "invoke_agent asking"), Assert.Single(all, span => span.DisplayName == "invoke_agent asked"));
        var above = SpanLog.Above(second, all).ToList();
        Assert.Equal((SpanNames.Send, first.SpanId), (above[0].DisplayName, above[0].ParentSpanId));
        Assert.Equal(asked.Pid, above[0].GetTagItem(SpanNames.To));
        Assert.Equal("test", above[^1].DisplayName);
        Assert.Equal(asking.Pid.ToString(CultureInfo.InvariantCulture), first.GetTagItem(GenAiNames.AgentId));

        // What a message carries stays in the log, so that a turn after a crash goes on in the same trace.
        var logged = await silo.Client.QueryMessagesAsync(new MessageQuery { Pid = asked.Pid });
        Assert.All(logged, message => Assert.Contains(trace.ToString(), message.Message.TraceParent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_syscall_is_a_tool_that_is_executed_and_one_that_is_refused_says_why()
    {
        using var spans = new SpanLog();
        ActivityTraceId trace;
        using (var root = spans.Begin())
        {
            trace = root.TraceId;
            await silo.Client.CallAsync(Call("ps"));
            await Assert.ThrowsAsync<LlmosException>(() => silo.Client.CallAsync(Call("nonsense")));
        }

        var all = await spans.UntilAsync(trace, ended => ended.Any(span => span.DisplayName == "test"));
        var done = Assert.Single(all, span => span.DisplayName == "execute_tool ps");
        Assert.Equal("ps", done.GetTagItem(GenAiNames.ToolName));
        Assert.Equal(ActivityStatusCode.Unset, done.Status);
        Assert.Equal("test", SpanLog.Above(done, all).Last().DisplayName);
        var refused = Assert.Single(all, span => span.DisplayName == "execute_tool unknown");
        Assert.Equal(ActivityStatusCode.Error, refused.Status);
        Assert.Equal("NotFound", refused.GetTagItem(GenAiNames.ErrorType));
    }

    private static SyscallCall Call(string name) => new(name, ImmutableSortedDictionary<string, SyscallValue>.Empty);
}
