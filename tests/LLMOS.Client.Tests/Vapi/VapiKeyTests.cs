#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Text;
using LLMOS.Client.Tests.OpenAi;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>Keys and roles at VAPI.</summary>
public sealed class VapiKeyTests(KeyedHttpSilo silo) : IClassFixture<KeyedHttpSilo>
{
    [Fact]
    public async Task Each_does_what_its_role_may_and_is_told_what_it_may_not()
    {
        using var nobody = new VapiClient(silo.Address);
        (await nobody.AskAsync(HttpMethod.Get, "processes")).IsProblem(401, "missing_api_key", "llmos keys create");
        using var stranger = new VapiClient(silo.Address, "llmos-00000000-x");
        (await stranger.AskAsync(HttpMethod.Get, "processes")).IsProblem(401, "invalid_api_key", "none of this server's");

        using var guest = await ClientAsync("visitor", CallerRole.Guest);
        Assert.NotEmpty((await guest.GetAsync("processes")).GetProperty("items").EnumerateArray());
        (await guest.AskAsync(HttpMethod.Post, "processes", new { name = "x", permissions = Array.Empty<string>() })).IsProblem(403, "permission_denied", "SPAWN_AGENT");
        (await guest.AskAsync(HttpMethod.Get, "files?path=/")).IsProblem(403, "permission_denied", "READ_CONTEXT");

        using var alice = await ClientAsync("alice", CallerRole.User);
        var own = (await alice.PostAsync("processes", new { name = "alices", program = "mailbox", permissions = new[] { "READ_CONTEXT", "WRITE_CONTEXT" } })).GetProperty("pid").GetInt64();
        Assert.Equal("alice", (await alice.GetAsync($"processes/{own}")).GetProperty("owner").GetString());
        using var bob = await ClientAsync("bob", CallerRole.User);
        (await bob.AskAsync(HttpMethod.Post, $"processes/{own}/kill")).IsProblem(403, "permission_denied", "another's");
        (await bob.AskAsync(HttpMethod.Get, $"processes/{own}/messages")).IsProblem(403, "permission_denied", "another's");
        (await bob.AskAsync(HttpMethod.Get, $"processes/{own}/events")).IsProblem(403, "permission_denied", "another's");
        (await bob.AskAsync(HttpMethod.Post, "syscalls", new { calls = new[] { new { syscall = "kill", args = new { pid = own } } } })).IsProblem(403, "permission_denied", "another's");
        foreach (var closed in new[] { "audit", "audit/verification", "events", "live" })
        {
            (await bob.AskAsync(HttpMethod.Get, closed)).IsProblem(403, "permission_denied", "administrators");
        }

        using var operatorClient = await ClientAsync("oscar", CallerRole.Operator);
        Assert.Equal("SUSPENDED", (await operatorClient.PostAsync($"processes/{own}/suspend")).GetProperty("state").GetString());
        using var admin = await ClientAsync("root", CallerRole.Admin);
        Assert.Contains((await admin.GetAsync("audit?syscall=kill")).GetProperty("items").EnumerateArray(), record =>
            record.GetProperty("principal").GetString() == "bob" && record.GetProperty("result").GetString()!.Contains("PermissionDenied", StringComparison.Ordinal));

        // A page of another origin may have no effect, whatever key it has; and the password that a browser keeps is not its.
        var page = new Dictionary<string, string> { ["Origin"] = "http://evil.example" };
        (await alice.AskAsync(HttpMethod.Post, $"processes/{own}/suspend", headers: page)).IsProblem(403, "cross_origin", "http://evil.example");
        page["Origin"] = "null";
        (await alice.AskAsync(HttpMethod.Post, $"processes/{own}/suspend", headers: page)).IsProblem(403, "cross_origin", "null");
        page["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{alice.Secret}"))}";
        (await nobody.AskAsync(HttpMethod.Post, $"processes/{own}/suspend", headers: page)).IsProblem(401, "missing_api_key", "wants a key");
        page.Remove("Origin");
        Assert.Equal(200, (await nobody.AskAsync(HttpMethod.Get, $"processes/{own}", headers: page)).Status);

        // The same key of two principals is two keys.
        var alices = await alice.AskAsync(HttpMethod.Post, "processes", new { name = "twin", program = "mailbox", permissions = new[] { "READ_CONTEXT" } }, idempotencyKey: "same");
        var bobs = await bob.AskAsync(HttpMethod.Post, "processes", new { name = "twin", program = "mailbox", permissions = new[] { "READ_CONTEXT" } }, idempotencyKey: "same");
        Assert.NotEqual(alices.Json.GetProperty("pid").GetInt64(), bobs.Json.GetProperty("pid").GetInt64());
        Assert.False(bobs.IsReplayed);
    }

    [Fact]
    public async Task A_user_is_no_more_urgent_than_its_key_speaks_to_groups_of_its_own_and_lowers_its_own_limits()
    {
        using var carol = await ClientAsync("carol", CallerRole.User);
        (await carol.AskAsync(HttpMethod.Post, "processes", new { name = "hasty", program = "mailbox", priority = "REALTIME" })).IsProblem(403, "permission_denied", "it may ask for 10 and less urgent");
        using var urgent = await ClientAsync("carol", CallerRole.User, new ProcessPriority(4));
        Assert.Equal(4, (await urgent.PostAsync("processes", new { name = "hasty", program = "mailbox", priority = "4" })).GetProperty("priority").GetInt32());
        (await urgent.AskAsync(HttpMethod.Post, "processes", new { name = "hastier", program = "mailbox", priority = "3" })).IsProblem(403, "permission_denied", "it may ask for 4");

        var own = (await carol.PostAsync("processes", new { name = "hearer", program = "mailbox", budget = 1_000 })).GetProperty("pid").GetInt64();
        await carol.PutAsync($"groups/carols/members/{own}");
        Assert.Equal(1, (await carol.PostAsync("groups/carols/messages", new { text = "hello" })).GetProperty("recipients").GetInt32());
        using var dave = await ClientAsync("dave", CallerRole.User);
        (await dave.AskAsync(HttpMethod.Post, "groups/carols/messages", new { text = "spam" })).IsProblem(403, "permission_denied", "it is another's");
        (await dave.AskAsync(HttpMethod.Post, "groups/nobodys/messages", new { text = "hello?" })).IsProblem(404, "not_found", "has no members");
        (await dave.AskAsync(HttpMethod.Post, "messages/broadcast", new { text = "spam" })).IsProblem(403, "permission_denied", "no BROADCAST");

        Assert.Equal(200, (await carol.AskAsync(HttpMethod.Put, $"processes/{own}/limits", new { limit = "tokens", value = 400 })).Status);
        (await carol.AskAsync(HttpMethod.Put, $"processes/{own}/limits", new { limit = "tokens", value = 500 })).IsProblem(403, "permission_denied", "only an operator may");
        (await dave.AskAsync(HttpMethod.Put, $"processes/{own}/limits", new { limit = "tokens", value = 300 })).IsProblem(403, "permission_denied", "another's");
    }

    private async Task<VapiClient> ClientAsync(string principal, CallerRole role, ProcessPriority? priority = null) =>
        new(silo.Address, (await silo.Client.Keys.CreateAsync(new ApiKey { Id = "", Principal = principal, Role = role, Priority = priority ?? ProcessPriority.Default })).Secret);
}
