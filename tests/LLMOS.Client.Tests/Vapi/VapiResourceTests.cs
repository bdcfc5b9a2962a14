#pragma warning disable xUnit1051 // The clients have time limits of their own.
using LLMOS.Client.Tests.OpenAi;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>Every resource of VAPI over the wire: what it gives, in pages, and what it says of requests that are wrong.</summary>
public sealed class VapiResourceTests(HttpSilo silo) : IClassFixture<HttpSilo>, IDisposable
{
    private readonly VapiClient _vapi = new(silo.Address);

    [Fact]
    public async Task A_process_is_spawned_steered_and_ended()
    {
        var made = await _vapi.AskAsync(HttpMethod.Post, "processes", new { name = "worker", role = "You <b>work</b>.", kind = "user", priority = "LOW", budget = 500, program = "mailbox", permissions = new[] { "READ_CONTEXT" } });
        Assert.Equal(201, made.Status);
        var pid = made.Json.GetProperty("pid").GetInt64();
        Assert.Equal($"/vapi/v1/processes/{pid}", made.Location);
        var process = await _vapi.GetAsync($"processes/{pid}");
        Assert.Equal(("worker", "USER", "LOW", 14, "mailbox", "You <b>work</b>."), (
            process.GetProperty("name").GetString(), process.GetProperty("kind").GetString(), process.GetProperty("class").GetString(), process.GetProperty("priority").GetInt32(),
            process.GetProperty("program").GetString(), process.GetProperty("role").GetString()));
        Assert.Equal("READ_CONTEXT", Assert.Single(process.GetProperty("permissions").EnumerateArray()).GetString());
        Assert.Equal(500, process.GetProperty("budget").GetProperty("allocated").GetInt64());
        Assert.Equal(16, (await _vapi.PostAsync("processes/worker/nice", new { delta = 2 })).GetProperty("priority").GetInt32());
        Assert.Equal("HIGH", (await _vapi.PutAsync($"processes/{pid}/priority", new { priority = "5" })).GetProperty("class").GetString());
        Assert.Equal("SUSPENDED", (await _vapi.PostAsync($"processes/{pid}/suspend", new { reason = "for a test" })).GetProperty("state").GetString());
        Assert.NotEqual("SUSPENDED", (await _vapi.PostAsync($"processes/{pid}/resume")).GetProperty("state").GetString());
        Assert.Equal(900, (await _vapi.PutAsync($"processes/{pid}/limits", new { limit = "tokens", value = 900 })).GetProperty("limits").GetProperty("tokens").GetInt64());
        Assert.Equal(900, (await _vapi.GetAsync($"processes/{pid}/limits")).GetProperty("limits").GetProperty("tokens").GetInt64());
        Assert.NotEqual("TERMINATED", (await _vapi.GetAsync($"processes/{pid}/wait?timeout=0")).GetProperty("state").GetString());
        var waiting = _vapi.GetAsync($"processes/{pid}/wait?timeout=20");
        var ended = await _vapi.PostAsync($"processes/{pid}/kill", new { reason = "the test is over" });
        Assert.Equal(("TERMINATED", 137, "the test is over"), (ended.GetProperty("state").GetString(), ended.GetProperty("exit").GetProperty("code").GetInt32(), ended.GetProperty("exit").GetProperty("text").GetString()));
        Assert.Equal("TERMINATED", (await waiting).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_process_is_confined_and_limited_from_its_spawn_on()
    {
        var made = await _vapi.AskAsync(HttpMethod.Post, "processes", new
        {
            name = "confined",
            program = "mailbox",
            gpuUnits = 0.5,
            maxMessages = 1,
            hardCap = true,
            restart = "on-failure",
            durability = "turn",
            maxTurns = 4,
            sandbox = new { isolatedContext = true, allowsNetwork = false, tools = new[] { "read" }, maxContextTokens = 200, maxTurnSeconds = 2.5 },
        });
        Assert.Equal(201, made.Status);
        var pid = made.Json.GetProperty("pid").GetInt64();
        var sandbox = made.Json.GetProperty("sandbox");
        Assert.True(sandbox.GetProperty("isolatedContext").GetBoolean());
        Assert.False(sandbox.GetProperty("allowsNetwork").GetBoolean());
        Assert.Equal(("read", 200, 2.5), (Assert.Single(sandbox.GetProperty("tools").EnumerateArray()).GetString(), sandbox.GetProperty("maxContextTokens").GetInt64(), sandbox.GetProperty("maxTurnSeconds").GetDouble()));
        var limits = await _vapi.GetAsync($"processes/{pid}/limits");
        Assert.Equal((1L, 0.5, true), (limits.GetProperty("limits").GetProperty("messages").GetInt64(), limits.GetProperty("gpuUnits").GetDouble(), limits.GetProperty("limits").GetProperty("hardCap").GetBoolean()));

        var from = (await _vapi.PostAsync("processes", new { name = "sender", program = "mailbox" })).GetProperty("pid").GetInt64();
        Assert.Equal(201, (await _vapi.AskAsync(HttpMethod.Post, "messages", new { from, to = pid, text = "one" })).Status);
        var held = (await _vapi.GetAsync($"processes/{pid}")).GetProperty("resources");
        Assert.Equal(0.5, held.GetProperty("gpuUnits").GetDouble());
        var full = await _vapi.AskAsync(HttpMethod.Post, "messages", new { from, to = pid, text = "two" });
        Assert.Equal(429, full.Status);
        Assert.Contains("1 of 1 messages", full.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);

        foreach (var (wrong, field) in new (object, string)[] { (new { name = "x", restart = "sometimes" }, "'restart'"), (new { name = "x", maxSeconds = -1 }, "'maxSeconds'"), (new { name = "x", maxMessages = -1 }, "a mailbox of -1 messages"), (new { name = "x", sandbox = new { maxTurnSeconds = 0 } }, "'sandbox.maxTurnSeconds'") })
        {
            var refused = await _vapi.AskAsync(HttpMethod.Post, "processes", wrong);
            Assert.Equal(400, refused.Status);
            Assert.Contains(field, refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Processes_come_in_pages_that_have_each_once_also_when_others_come_meanwhile()
    {
        for (var i = 0; i < 7; i++)
        {
            await _vapi.PostAsync("processes", new { name = "paged", program = "mailbox" });
        }

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await _vapi.GetAsync($"processes?limit=3&name=paged{(cursor is null ? "" : "&cursor=" + cursor)}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 3);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("pid").GetInt64()));
            cursor = page.GetProperty("next").GetString();
            await _vapi.PostAsync("processes", new { name = "other", program = "mailbox" });
        }
        while (cursor is not null);
        Assert.Equal(7, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);
        var suspended = seen[2];
        await _vapi.PostAsync($"processes/{suspended}/suspend");
        Assert.Equal(suspended, Assert.Single((await _vapi.GetAsync("processes?state=suspended&live=true")).GetProperty("items").EnumerateArray()).GetProperty("pid").GetInt64());
    }

    [Fact]
    public async Task Messages_are_sent_received_listed_in_pages_and_brought_back_when_dead()
    {
        var from = (await _vapi.PostAsync("processes", new { name = "writer", program = "mailbox" })).GetProperty("pid").GetInt64();
        var to = (await _vapi.PostAsync("processes", new { name = "reader", program = "mailbox" })).GetProperty("pid").GetInt64();
        for (var i = 0; i < 3; i++)
        {
            var sent = await _vapi.AskAsync(HttpMethod.Post, "messages", new { from, to, text = $"number {i}", type = "notification" });
            Assert.Equal((201, "NOTIFICATION"), (sent.Status, sent.Json.GetProperty("type").GetString()));
        }

        var received = await _vapi.PostAsync("messages/receive", new { pid = to, from, timeout = 20 });
        Assert.Equal("number 0", received.GetProperty("text").GetString());
        var first = await _vapi.GetAsync($"processes/{to}/messages?limit=2");
        Assert.Equal(["number 2", "number 1"], first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()));
        var second = await _vapi.GetAsync($"messages?pid={to}&limit=2&cursor={first.GetProperty("next").GetString()}");
        Assert.Equal("number 0", Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal(204, (await _vapi.AskAsync(HttpMethod.Post, "messages/receive", new { pid = from })).Status);

        await _vapi.PostAsync($"processes/{to}/kill");
        var dead = (await _vapi.GetAsync($"messages/dead?pid={to}")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["number 2", "number 1"], dead.Select(letter => letter.GetProperty("text").GetString()));
        Assert.False(string.IsNullOrEmpty(dead[0].GetProperty("reason").GetString()));
        var again = await _vapi.PostAsync($"messages/dead/{dead[0].GetProperty("sequence").GetInt64()}/replay", new { to = from });
        Assert.Equal((from, "number 2"), (again.GetProperty("to").GetInt64(), again.GetProperty("text").GetString()));
        Assert.Equal("number 2", (await _vapi.PostAsync("messages/receive", new { pid = from, timeout = 20 })).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Groups_have_members_who_hear_what_is_sent_to_them()
    {
        var pid = (await _vapi.PostAsync("processes", new { name = "member", program = "mailbox" })).GetProperty("pid").GetInt64();
        Assert.Equal(pid, Assert.Single((await _vapi.PutAsync($"groups/readers/members/{pid}")).GetProperty("members").EnumerateArray()).GetInt64());
        Assert.Contains("readers", (await _vapi.GetAsync("groups")).GetProperty("items").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(1, (await _vapi.PostAsync("groups/readers/messages", new { text = "to all of you" })).GetProperty("recipients").GetInt32());
        Assert.Equal("to all of you", (await _vapi.PostAsync("messages/receive", new { pid, timeout = 20 })).GetProperty("text").GetString());
        Assert.True((await _vapi.PostAsync("messages/broadcast", new { text = "to everybody" })).GetProperty("recipients").GetInt32() > 0);
        Assert.Equal(200, (await _vapi.AskAsync(HttpMethod.Delete, $"groups/readers/members/{pid}")).Status);
        Assert.Empty((await _vapi.GetAsync("groups/readers")).GetProperty("members").EnumerateArray());
    }

    [Fact]
    public async Task Files_are_written_found_listed_in_pages_moved_and_brought_back()
    {
        await _vapi.PostAsync("files/directories", new { path = "/papers/notes" });
        foreach (var name in new[] { "a", "b", "c" })
        {
            await _vapi.PutAsync($"files/content?path=/papers/notes/{name}.md&expected=0", new { text = $"file {name} about whales" });
        }

        var page = await _vapi.GetAsync("files?path=/papers/notes&limit=2");
        Assert.Equal(["/papers/notes/a.md", "/papers/notes/b.md"], page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("path").GetString()));
        Assert.Equal("/papers/notes/c.md", Assert.Single((await _vapi.GetAsync($"files?path=/papers/notes&limit=2&cursor={page.GetProperty("next").GetString()}")).GetProperty("items").EnumerateArray()).GetProperty("path").GetString());
        await _vapi.PostAsync("files/content?path=/papers/notes/a.md", new { text = " and ships" });
        Assert.Equal("file a about whales and ships", (await _vapi.AskAsync(HttpMethod.Get, "files/content?path=/papers/notes/a.md")).Body);
        Assert.Equal("file a about whales", (await _vapi.AskAsync(HttpMethod.Get, "files/content?path=/papers/notes/a.md&version=1")).Body);
        Assert.Equal(2, (await _vapi.GetAsync("files/history?path=/papers/notes/a.md")).GetProperty("items").GetArrayLength());
        Assert.Equal(3, (await _vapi.PostAsync("files/rollback", new { path = "/papers/notes/a.md", version = 1 })).GetProperty("version").GetInt64());
        (await _vapi.AskAsync(HttpMethod.Put, "files/content?path=/papers/notes/a.md&expected=1", new { text = "late" })).IsProblem(409, "failed_precondition", "version");
        Assert.Contains((await _vapi.GetAsync("files/search?query=whales&path=/papers")).GetProperty("items").EnumerateArray(), match => match.GetProperty("path").GetString() == "/papers/notes/b.md");
        Assert.Equal(3, (await _vapi.GetAsync("files/grep?pattern=WHALES&path=/papers")).GetProperty("items").GetArrayLength());
        Assert.Empty((await _vapi.GetAsync("files/search?query=whales&path=/papers&asOf=2020-01-01T00:00:00Z")).GetProperty("items").EnumerateArray());
        Assert.Equal(3, (await _vapi.GetAsync("files/similar?meaning=whales&path=/papers/notes")).GetProperty("items").GetArrayLength());
        Assert.Equal(2, (await _vapi.PostAsync("files/links", new { path = "/papers/notes/a.md", to = "/papers/a.md" })).GetProperty("links").GetInt32());
        Assert.Equal("notes", (await _vapi.PostAsync("files/links", new { path = "notes", to = "/papers/short", symbolic = true })).GetProperty("target").GetString());
        Assert.True((await _vapi.PutAsync("files/shared?path=/papers/short/a.md", new { shared = true })).GetProperty("isShared").GetBoolean());
        await _vapi.AskAsync(HttpMethod.Delete, "files?path=/papers/a.md");
        await _vapi.AskAsync(HttpMethod.Delete, "files?path=/papers/short");
        page = await _vapi.GetAsync("files/find?path=/papers&name=*.md&type=f&limit=2");
        Assert.Equal(["/papers/notes/a.md", "/papers/notes/b.md"], page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("path").GetString()));
        page = await _vapi.GetAsync($"files/find?path=/papers&name=*.md&type=f&limit=2&cursor={Uri.EscapeDataString(page.GetProperty("next").GetString()!)}");
        Assert.Equal("/papers/notes/c.md", Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("path").GetString());
        Assert.Null(page.GetProperty("next").GetString());
        Assert.Equal("/papers/notes/a.md", Assert.Single((await _vapi.GetAsync("files/find?path=/papers&meaning=whales&iname=A*&minLength=1&maxLength=100&depth=2&newer=2020-01-01T00:00:00Z&older=2999-01-01T00:00:00Z&owner=local")).GetProperty("items").EnumerateArray()).GetProperty("path").GetString());
        await _vapi.PostAsync("files/move", new { path = "/papers/notes/b.md", to = "/papers/notes/d.md" });
        Assert.Equal("file", (await _vapi.GetAsync("files/stat?path=/papers/notes/d.md")).GetProperty("kind").GetString());
        (await _vapi.AskAsync(HttpMethod.Get, "files/stat?path=/papers/notes/b.md")).IsProblem(404, "not_found", "/papers/notes/b.md");
        (await _vapi.AskAsync(HttpMethod.Delete, "files?path=/papers")).IsProblem(409, "failed_precondition", "/papers");
        Assert.Equal(5, (await _vapi.AskAsync(HttpMethod.Delete, "files?path=/papers&recursive=true")).Json.GetProperty("removed").GetInt32());
    }

    [Fact]
    public async Task Every_syscall_goes_through_the_dispatcher_and_a_list_stops_at_the_first_that_fails()
    {
        Assert.Contains((await _vapi.GetAsync("syscalls")).GetProperty("items").EnumerateArray(), call => call.GetProperty("name").GetString() == "spawn" && call.GetProperty("opcode").GetInt32() == 1);
        var answer = await _vapi.PostAsync("syscalls", """
            {"calls": [{"syscall": "spawn", "args": {"role": "a clerk", "name": "clerk"}}, {"syscall": "getrlimit", "args": {"pid": "clerk"}},
                       {"syscall": "embed", "args": {"text": "word"}}, {"syscall": "mkdir", "args": {"path": "/calls"}}, {"syscall": "write", "args": {"path": "/calls/x", "text": "y"}},
                       {"syscall": "cat", "args": {"path": "/calls/x"}}, {"syscall": "ls", "args": {"path": "/calls"}}, {"syscall": "history", "args": {"path": "/calls/x"}},
                       {"syscall": "malloc", "args": {"name": "scratch"}}, {"syscall": "ps", "args": {}}, {"syscall": "help", "args": {}},
                       {"syscall": "kill", "args": {"pid": "nobody"}}, {"syscall": "ps", "args": {}}]}
            """);
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(12, results.Count);
        Assert.Equal(1, answer.GetProperty("notMade").GetInt32());
        Assert.Equal("clerk", results[0].GetProperty("result").GetProperty("process").GetProperty("name").GetString());
        Assert.True(results[2].GetProperty("result").GetProperty("vector").GetProperty("vector").GetArrayLength() > 0);
        Assert.Equal("y", results[5].GetProperty("result").GetProperty("text").GetString());
        Assert.Equal(("kill", 404), (results[11].GetProperty("problem").GetProperty("syscall").GetString(), results[11].GetProperty("problem").GetProperty("status").GetInt32()));
        (await _vapi.AskAsync(HttpMethod.Post, "syscalls", """{"calls": [{"syscall": "merge", "args": {"a": "clerk", "b": "clerk"}}]}""")).IsProblem(501, "not_available", "merge");
        (await _vapi.AskAsync(HttpMethod.Post, "syscalls", """{"calls": [{"syscall": "fly", "args": {}}]}""")).IsProblem(404, "not_found", "fly");
        (await _vapi.AskAsync(HttpMethod.Post, "syscalls", """{"calls": []}""")).IsProblem(400, "invalid_argument", "0 calls");
        (await _vapi.AskAsync(HttpMethod.Post, "syscalls", """{"calls": [{"syscall": null, "args": {}}]}""")).IsProblem(400, "invalid_json", "calls[0]");
        foreach (var (args, argument) in new[] { ("""{"pid": {"a": 1}}""", "pid"), ("""{"pid": 1e400}""", "pid"), ("[42]", "args") })
        {
            var refused = await _vapi.AskAsync(HttpMethod.Post, "syscalls", $$"""{"calls": [{"syscall": "kill", "args": {{args}}}]}""");
            refused.IsProblem(400, "invalid_argument", $"kill, {argument}: ");
            Assert.Equal(("kill", argument), (refused.Json.GetProperty("syscall").GetString(), refused.Json.GetProperty("argument").GetString()));
        }

        (await _vapi.AskAsync(HttpMethod.Post, "processes/99999/kill")).IsProblem(404, "not_found", "kill, pid: There is no process 99999");
    }

    [Theory]
    [InlineData("GET", "nothing", null, 404, "unknown_address", "/vapi/v1/nothing")]
    [InlineData("DELETE", "processes", null, 405, "method_not_allowed", "GET, POST")]
    [InlineData("GET", "processes/99999", null, 404, "not_found", "99999")]
    [InlineData("GET", "processes?limit=0", null, 400, "invalid_argument", "'limit' is 0")]
    [InlineData("GET", "processes?limit=many", null, 400, "invalid_argument", "'limit' is 'many': it must be a whole number")]
    [InlineData("GET", "processes?state=bogus", null, 400, "invalid_argument", "'state' is 'bogus': use running, thinking, blocked, suspended, terminated")]
    [InlineData("GET", "processes?kind=", null, 400, "invalid_argument", "'kind' is '': use ")]
    [InlineData("GET", "processes?live=perhaps", null, 400, "invalid_argument", "'live' is 'perhaps': it must be true or false")]
    [InlineData("GET", "processes?cursor=abc", null, 400, "invalid_argument", "'cursor' is 'abc'")]
    [InlineData("GET", "audit?since=yesterday", null, 400, "invalid_argument", "'since' is 'yesterday': it must be a time")]
    [InlineData("GET", "files/stat", null, 400, "invalid_argument", "'path' is missing")]
    [InlineData("GET", "files/find?name=[a", null, 400, "invalid_argument", "'[a' is no pattern of names")]
    [InlineData("GET", "files/find?type=pipe", null, 400, "invalid_argument", "'type' is 'pipe'")]
    [InlineData("GET", "files/find?minLength=much", null, 400, "invalid_argument", "'minLength' is 'much': it must be a whole number")]
    [InlineData("GET", "files/find?newer=yesterday", null, 400, "invalid_argument", "'newer' is 'yesterday': it must be a time")]
    [InlineData("GET", "files/find?path=/apps&cursor=/tools", null, 400, "invalid_argument", "'/tools' is no place in /apps")]
    [InlineData("GET", "files/find?path=/none", null, 404, "not_found", "/none")]
    [InlineData("GET", "engines?seconds=1000", null, 400, "invalid_argument", "'seconds' is 1000")]
    [InlineData("GET", "events?kinds=noise", null, 400, "invalid_argument", "'noise'")]
    [InlineData("GET", "memory/region?path=/context/none", null, 404, "not_found", "/context/none")]
    [InlineData("POST", "processes", "{", 400, "invalid_json", "no JSON")]
    [InlineData("POST", "processes", """{"name": "x", "colour": "red"}""", 400, "invalid_json", "'colour'")]
    [InlineData("POST", "processes", """{"name": 5}""", 400, "invalid_json", "'name'")]
    [InlineData("POST", "processes", """{"name": "<img src=x onerror=alert(1)>"}""", 400, "invalid_argument", "is no name for a process")]
    [InlineData("POST", "processes", """{"name": "x", "kind": "royal"}""", 400, "invalid_argument", "'royal'")]
    [InlineData("POST", "processes", """{"name": "x", "parent": 99999}""", 404, "not_found", "99999")]
    [InlineData("POST", "processes/5/nice", "{}", 400, "invalid_json", "delta")]
    [InlineData("POST", "messages", """{"to": 99999, "text": "x"}""", 404, "not_found", "99999")]
    [InlineData("POST", "messages", """{"to": 5, "text": "x", "type": "shout"}""", 400, "invalid_argument", "'shout'")]
    [InlineData("POST", "messages/receive", """{"timeout": 1e9}""", 400, "invalid_argument", "'timeout'")]
    [InlineData("PUT", "processes/5/limits", """{"limit": "sugar", "value": 1}""", 400, "invalid_argument", "'sugar'")]
    public async Task What_is_wrong_is_answered_with_a_problem_that_names_it(string method, string path, string? body, int status, string code, string words) =>
        (await _vapi.AskAsync(new HttpMethod(method), path, body)).IsProblem(status, code, words);

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_type_and_a_page_of_another_origin_are_refused()
    {
        using var http = new HttpClient { BaseAddress = silo.Address };
        using var plain = await http.PostAsync("vapi/v1/processes", new StringContent("""{"name": "x"}"""));
        Assert.Equal((415, "application/problem+json"), ((int)plain.StatusCode, plain.Content.Headers.ContentType?.MediaType));
        (await _vapi.AskAsync(HttpMethod.Post, "processes/5/suspend", headers: new Dictionary<string, string> { ["Origin"] = "http://evil.example" })).IsProblem(401, "missing_api_key", "wants a key");
        (await _vapi.AskAsync(HttpMethod.Post, "processes/5/suspend", headers: new Dictionary<string, string> { ["Origin"] = "null" })).IsProblem(401, "missing_api_key", "wants a key");
        Assert.Equal(201, (await _vapi.AskAsync(HttpMethod.Post, "processes", new { name = "here", program = "mailbox" }, headers: new Dictionary<string, string> { ["Origin"] = silo.Address.GetLeftPart(UriPartial.Authority) })).Status);
    }

    [Fact]
    public async Task The_document_has_every_address_and_the_system_says_what_it_runs_on()
    {
        var document = await _vapi.GetAsync("openapi.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.GetProperty("paths");
        foreach (var path in new[] { "/processes", "/processes/{pid}", "/messages", "/groups/{name}", "/files/content", "/syscalls", "/events", "/audit", "/engines", "/live" })
        {
            Assert.True(paths.TryGetProperty("/vapi/v1" + path, out _), path);
        }

        Assert.Contains("name", paths.GetProperty("/vapi/v1/processes").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.All(paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()), operation => Assert.True(operation.Value.TryGetProperty("summary", out _), operation.Name));
        Assert.Contains((await _vapi.GetAsync("models")).GetProperty("items").EnumerateArray(), model => model.GetProperty("name").GetString() == "tools");
        Assert.NotEmpty((await _vapi.GetAsync("devices")).GetProperty("items").EnumerateArray());
        Assert.Contains((await _vapi.GetAsync("memory")).GetProperty("items")[0].GetProperty("levels").EnumerateArray(), level => level.GetProperty("name").GetString() == "L1");
        Assert.Equal("alice/web", (await _vapi.PutAsync("accounts/alice/web", new { limit = "tokens", value = 1000 })).GetProperty("account").GetString());
        Assert.Equal(1000, (await _vapi.GetAsync("accounts/alice/web")).GetProperty("limits").GetProperty("tokens").GetInt64());
        Assert.Empty((await _vapi.GetAsync("runs")).GetProperty("items").EnumerateArray());
        (await _vapi.AskAsync(HttpMethod.Get, "runs/none")).IsProblem(404, "not_found", "none");
        Assert.True((await _vapi.GetAsync("audit/verification")).GetProperty("intact").GetBoolean());
        var audit = await _vapi.GetAsync("audit?limit=2");
        var older = await _vapi.GetAsync($"audit?limit=2&cursor={audit.GetProperty("next").GetString()}");
        Assert.Equal(audit.GetProperty("items")[1].GetProperty("sequence").GetInt64() - 1, older.GetProperty("items")[0].GetProperty("sequence").GetInt64());
    }

    public void Dispose() => _vapi.Dispose();
}
