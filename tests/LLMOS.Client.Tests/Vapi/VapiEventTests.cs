#pragma warning disable xUnit1051 // The clients have time limits of their own.
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Silo;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>Streams of events, and the figures that come of a process that thinks.</summary>
public sealed class VapiEventTests(HttpSilo silo) : IClassFixture<HttpSilo>, IDisposable
{
    private readonly VapiClient _vapi = new(silo.Address);

    [Fact]
    public async Task A_listener_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice()
    {
        var begun = new TaskCompletionSource();
        var to = (await _vapi.PostAsync("processes", new { name = "listener", program = "mailbox" })).GetProperty("pid").GetInt64();

        // System agents are sent messages, too.
        var first = ReadAsync(
            _vapi.EventsAsync("events?kinds=message,syscall", begun: begun), (kind, data) => kind == "message" && data.GetProperty("destination").GetInt64() == to);
        await begun.Task;
        await SendAsync(to, "one");
        var last = await first;
        Assert.True(long.Parse(last.Id, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(to, last.Data.GetProperty("destination").GetInt64());
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(to, $"missed {i}");
        }

        var ids = new List<long>();
        await foreach (var (id, _, data) in _vapi.EventsAsync("events?kinds=message,syscall", last.Id))
        {
            ids.Add(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
            if (ids.Count == 3)
            {
                await SendAsync(to, "live again");
            }

            if (ids.Count(number => number > 0) >= 4 && data.GetProperty("syscall").GetString() == "message" && ids.Count >= 4)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => long.Parse(last.Id, System.Globalization.CultureInfo.InvariantCulture) + 1 + i), ids);
        (await _vapi.AskAsync(HttpMethod.Get, "events", headers: new Dictionary<string, string> { ["Last-Event-ID"] = "x" })).IsProblem(400, "invalid_argument", "Last-Event-ID");
    }

    [Fact]
    public async Task States_and_turns_are_heard_and_the_text_of_a_turn_comes_token_by_token_and_can_be_resumed()
    {
        var (begun, known) = (new TaskCompletionSource(), new TaskCompletionSource());
        var turn = HearTurnAsync("speaker", begun, known);
        await begun.Task;
        var pid = (await _vapi.PostAsync("processes", new { name = "speaker", role = "You speak.", maxTokensPerTurn = 12, seed = 7 })).GetProperty("pid").GetInt64();

        var events = new List<(string Id, string Kind, string Text)>();
        var outputs = Task.Run(async () =>
        {
            await foreach (var (id, kind, data) in _vapi.EventsAsync($"processes/{pid}/events"))
            {
                events.Add((id, kind, data.GetProperty("text").GetString()!));
                if (kind == "turncommitted")
                {
                    return;
                }
            }
        });
        await SendAsync(pid, "Say something.");
        await outputs;
        Assert.Equal(pid, await turn);
        Assert.True(known.Task.IsCompleted);
        Assert.Contains(events, output => output.Kind == "text");
        var half = events.FindIndex(output => output.Kind == "text");
        var rest = new List<string>();
        await foreach (var (id, kind, _) in _vapi.EventsAsync($"processes/{pid}/events", events[half].Id))
        {
            rest.Add(id);
            if (kind == "turncommitted")
            {
                break;
            }
        }

        Assert.Equal(events.Skip(half + 1).Select(output => output.Id), rest);
        (await _vapi.AskAsync(HttpMethod.Get, "processes/99999/events")).IsProblem(404, "not_found", "99999");

        var context = await _vapi.GetAsync($"processes/{pid}/context");
        Assert.Contains(context.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("text").GetString() == "Say something.");
        var activity = await _vapi.GetAsync("activity?seconds=30");
        var row = activity.GetProperty("processes").EnumerateArray().Single(process => process.GetProperty("pid").GetInt64() == pid);
        Assert.True(row.GetProperty("decodeRate").GetDouble() > 0 && row.GetProperty("prefillRate").GetDouble() > 0 && row.GetProperty("firstTokenMs").GetDouble() > 0, row.GetRawText());
        Assert.Equal(1, row.GetProperty("turns").GetInt64());
        var engine = Assert.Single(activity.GetProperty("engines").EnumerateArray(), engine => engine.GetProperty("slices").EnumerateArray().Any(slice => slice.GetProperty("pid").GetInt64() == pid));
        var slices = engine.GetProperty("slices").EnumerateArray().Where(slice => slice.GetProperty("pid").GetInt64() == pid).ToList();
        Assert.True(slices.Sum(slice => slice.GetProperty("prefillTokens").GetInt32()) > 0);
        Assert.InRange(slices.Sum(slice => slice.GetProperty("decodeTokens").GetInt32()), 1, 12);
        Assert.True(engine.GetProperty("contextSwitches").GetInt64() > 0 && engine.GetProperty("servedSequences").GetInt64() >= engine.GetProperty("steps").GetInt64());
    }

    [Fact]
    public async Task A_system_names_its_own_engine_and_not_that_of_another_system_in_the_same_process()
    {
        await using var neighbour = new NeighbourSilo();
        await neighbour.InitializeAsync();
        using var next = new VapiClient(neighbour.Address);
        var (here, there) = (await TakeTurnAsync(_vapi), await TakeTurnAsync(next));

        await NamesOnlyAsync(_vapi, "tools", here);
        await NamesOnlyAsync(next, NeighbourSilo.Model, there);

        static async Task NamesOnlyAsync(VapiClient vapi, string model, long pid)
        {
            var engine = Assert.Single((await vapi.GetAsync("activity?seconds=30")).GetProperty("engines").EnumerateArray());
            Assert.Equal(model, engine.GetProperty("model").GetString());
            Assert.Contains(engine.GetProperty("slices").EnumerateArray(), slice => slice.GetProperty("pid").GetInt64() == pid);
        }
    }

    [Fact]
    public async Task The_live_stream_begins_with_all_and_goes_on_with_what_changes()
    {
        long pid = 0;
        var versions = new List<long>();
        await foreach (var (_, kind, data) in _vapi.EventsAsync("live"))
        {
            versions.Add(data.GetProperty("version").GetInt64());
            if (versions.Count == 1)
            {
                Assert.Equal("all", kind);
                Assert.Contains(data.GetProperty("rows").EnumerateArray(), row => row.GetProperty("name").GetString() == "init");
                Assert.NotEmpty(data.GetProperty("devices").EnumerateArray());
                pid = (await _vapi.PostAsync("processes", new { name = "newcomer", program = "mailbox" })).GetProperty("pid").GetInt64();
            }
            else if (data.GetProperty("rows").EnumerateArray().Any(row => row.GetProperty("pid").GetInt64() == pid))
            {
                Assert.Equal("update", kind);
                await _vapi.PostAsync($"processes/{pid}/kill");
            }
            else if (data.GetProperty("gone").EnumerateArray().Any(gone => gone.GetInt64() == pid))
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, versions.Count).Select(i => versions[0] + i), versions);
    }

    public void Dispose() => _vapi.Dispose();

    /// <summary>The PID of a new process that has taken a turn.</summary>
    private static async Task<long> TakeTurnAsync(VapiClient vapi)
    {
        var pid = (await vapi.PostAsync("processes", new { name = "neighbour", role = "You speak.", maxTokensPerTurn = 12, seed = 7 })).GetProperty("pid").GetInt64();
        var begun = new TaskCompletionSource();
        var committed = ReadAsync(vapi.EventsAsync($"processes/{pid}/events", begun: begun), (kind, _) => kind == "turncommitted");
        await begun.Task;
        await vapi.PostAsync("messages", new { to = pid, text = "Say something." });
        await committed;
        return pid;
    }

    private Task<System.Text.Json.JsonElement> SendAsync(long to, string text) => _vapi.PostAsync("messages", new { to, text });

    /// <summary>The PID of a process of which a turn was heard; whoever hears of it hears of its state before.</summary>
    private async Task<long> HearTurnAsync(string name, TaskCompletionSource begun, TaskCompletionSource known)
    {
        await foreach (var (_, kind, data) in _vapi.EventsAsync("events?kinds=process,turn", begun: begun))
        {
            if (data.GetProperty("name").GetString() != name)
            {
                continue;
            }

            if (kind == "turn")
            {
                return data.GetProperty("pid").GetInt64();
            }

            known.TrySetResult();
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static async Task<(string Id, System.Text.Json.JsonElement Data)> ReadAsync(IAsyncEnumerable<(string Id, string Kind, System.Text.Json.JsonElement Data)> events, Func<string, System.Text.Json.JsonElement, bool> isWanted)
    {
        await foreach (var (id, kind, data) in events)
        {
            if (isWanted(kind, data))
            {
                return (id, data);
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    /// <summary>One whose model has another name.</summary>
    private sealed class NeighbourSilo : HttpSilo
    {
        public const string Model = "neighbour";

        protected override void Configure(LlmosSiloOptions options)
        {
            options.Models.Default = Path.Combine(options.Data, Model + ".gguf");
            File.Copy(ToolModel.Path, options.Models.Default);
        }
    }
}
