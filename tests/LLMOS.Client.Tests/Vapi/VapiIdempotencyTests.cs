#pragma warning disable xUnit1051 // The clients have time limits of their own.
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using LLMOS.SystemInterface.Idempotency;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>Requests that are sent again: at once, at the same time, after a restart of the silo, and with another body.</summary>
public sealed class VapiIdempotencyTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-vapi-");

    [Fact]
    public async Task A_request_with_a_key_is_carried_out_once_also_over_a_restart()
    {
        VapiAnswer first;
        VapiAnswer refused;
        await using (var host = await StartAsync())
        {
            using var vapi = new VapiClient(host.HttpAddress!);
            first = await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "once", program = "mailbox" }, "key-1");
            Assert.Equal((201, false), (first.Status, first.IsReplayed));
            AssertSame(first, await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "once", program = "mailbox" }, "key-1"));
            (await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "twice", program = "mailbox" }, "key-1")).IsProblem(422, "idempotency_mismatch", "key-1");
            (await vapi.AskAsync(HttpMethod.Post, "messages", new { name = "once", program = "mailbox" }, "key-1")).IsProblem(422, "idempotency_mismatch", "key-1");
            refused = await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "no name" }, "key-2");
            refused.IsProblem(400, "invalid_argument", "no name for a process");
            (await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "x" }, new string('k', 300))).IsProblem(400, "invalid_argument", "300 characters");

            // Of many at the same time one is carried out; the others hear that, or its answer.
            var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => vapi.AskAsync(HttpMethod.Post, "processes", new { name = "crowd", program = "mailbox" }, "key-3")));
            Assert.All(together, answer => Assert.True(answer.Status is 201 or 409, answer.Body));
            Assert.Single((await vapi.GetAsync("processes?name=crowd")).GetProperty("items").EnumerateArray());

            // What is too long to be kept is done once all the same, and of what nobody knows whether it was done the key is used up.
            await vapi.PostAsync("processes", new { name = "talker", program = "mailbox", role = new string('x', 8_000) });
            var calls = new { calls = Enumerable.Range(0, 100).Select(_ => new { syscall = "ps", args = new { } }) };
            var looked = await vapi.AskAsync(HttpMethod.Post, "syscalls", calls, "key-5");
            Assert.True(looked.Status == 200 && looked.Body.Length > 1024 * 1024, $"{looked.Status}, {looked.Body.Length} characters");
            var again = await vapi.AskAsync(HttpMethod.Post, "syscalls", calls, "key-5");
            Assert.Equal((200, true, ""), (again.Status, again.IsReplayed, again.Body));
            var book = host.Grains.GetGrain<IIdempotencyGrain>(BucketOf("key-6"));
            Assert.Equal(IdempotencyState.New, (await book.BeginAsync(HashOf("key-6"), "anything")).State);
            await book.DoubtAsync(HashOf("key-6"));
            Assert.Equal(IdempotencyState.Interrupted, (await book.BeginAsync(HashOf("key-6"), "anything")).State);

            // One that was begun and whose silo went down before it was answered.
            var claim = await host.Grains.GetGrain<IIdempotencyGrain>(BucketOf("key-4")).BeginAsync(HashOf("key-4"), "anything");
            Assert.Equal(IdempotencyState.New, claim.State);
            await host.StopAsync();
        }

        await using (var host = await StartAsync())
        {
            using var vapi = new VapiClient(host.HttpAddress!);
            AssertSame(first, await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "once", program = "mailbox" }, "key-1"));
            AssertSame(refused, await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "no name" }, "key-2"));
            Assert.Single((await vapi.GetAsync("processes?name=once")).GetProperty("items").EnumerateArray());
            var cut = await host.Grains.GetGrain<IIdempotencyGrain>(BucketOf("key-4")).BeginAsync(HashOf("key-4"), "anything");
            Assert.Equal(IdempotencyState.Interrupted, cut.State);
            Assert.NotEqual(201, (await vapi.AskAsync(HttpMethod.Post, "processes", new { name = "once", program = "mailbox" }, "key-4")).Status);
            await host.StopAsync();
        }
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static byte[] Hash(string key) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("\n" + key));

    private static string HashOf(string key) => Convert.ToHexStringLower(Hash(key));

    private static long BucketOf(string key) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(Hash(key)) % IIdempotencyGrain.Buckets;

    private static void AssertSame(VapiAnswer first, VapiAnswer again)
    {
        Assert.True(again.IsReplayed, again.Body);
        Assert.Equal(first with { IsReplayed = true }, again);
    }

    private async Task<LlmosHost> StartAsync()
    {
        var options = new LlmosSiloOptions { Data = _data.FullName, HttpPort = 0 };
        options.Models.Default = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        options.Models.Threads = 1;
        var host = LlmosHost.CreateBuilder(options).Build();
        await host.StartAsync();
        await foreach (var _ in host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest { LoadModel = false }, CancellationToken.None))
        {
            // Each stage in its turn.
        }

        return host;
    }
}
