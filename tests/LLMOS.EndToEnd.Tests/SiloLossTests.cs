using System.Collections.Concurrent;
using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LLMOS.Tests;

/// <summary>Three silos, one with the kernel and two with the model; one of the two is killed with -9 while all agents are at work.</summary>
public sealed class SiloLossTests : IDisposable
{
    private const int Agents = 6;
    private const string User = "alice";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_are_answered_or_end_with_a_sentence_and_the_agents_go_on_elsewhere()
    {
        var (port, gateway) = (FreePorts.Next(), FreePorts.Next());
        using var kernel = Start("kernel", "--silo-port", $"{port}", "--gateway-port", $"{gateway}", "--roles", "kernel");
        await kernel.WaitForAsync(text => text.Contains("ShellReady", StringComparison.Ordinal), Limit, "boot to the end");
        using var first = await JoinAsync("first", port);
        using var second = await JoinAsync("second", port);
        await using var application = await ConnectAsync(gateway);
        var llmos = application.Client;
        var pids = new long[Agents];
        for (var i = 0; i < Agents; i++)
        {
            pids[i] = (await llmos.SpawnAsync(new ProcessSpec { Name = $"agent-{i}", Role = "You write.", MaxTokensPerTurn = 40, Budget = 1_000_000, Account = User })).Pid;
        }

        // All are at work when one of the two that they think on is gone.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var outcomes = new ConcurrentQueue<(long Pid, LlmosException? Error)>();
        var load = Task.WhenAll(pids.Select(pid => AskAsync(llmos, pid, outcomes, stop.Token)));
        await UntilAsync(() => Task.FromResult(outcomes.Count(outcome => outcome.Error is null) >= 3 * Agents), "the agents are at work", Describe);
        await first.KillAsync();
        var before = outcomes.Count;
        await UntilAsync(
            () => Task.FromResult(pids.All(pid => outcomes.Skip(before).Count(outcome => outcome.Pid == pid && outcome.Error is null) >= 2)),
            "each agent has answered twice since",
            Describe);
        await stop.CancelAsync();
        await load.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.All(outcomes, outcome => Assert.True(outcome.Error?.Message.EndsWith('.') ?? true, outcome.Error?.Message));

        await HoldAsync(llmos, pids);

        string Describe() => $"{outcomes.Count} outcomes; {string.Join("; ", outcomes.Select(outcome => outcome.Error?.Message).OfType<string>().Distinct())}\n{kernel.Output}\n{first.Output}\n{second.Output}";
    }

    /// <summary>Each request became one response, of one turn or, where its time was over before that, with the error; and all that was spent is in the account once.</summary>
    private static async Task HoldAsync(LlmosClient llmos, long[] pids)
    {
        foreach (var pid in pids)
        {
            await UntilAsync(async () => (await ReadAsync(() => llmos.QueryMessagesAsync(new MessageQuery { Pid = pid, Limit = 10_000 }))).Where(logged => logged.Message.To == pid).All(logged => logged.State >= DeliveryState.Consumed), "all is handled");
            var messages = await ReadAsync(() => llmos.QueryMessagesAsync(new MessageQuery { Pid = pid, Limit = 10_000 }));
            var requests = messages.Where(logged => logged.Message.To == pid).Select(logged => logged.Message.CorrelationId).Order().ToList();
            var responses = messages.Where(logged => logged.Message.From == pid && logged.Message.MessageType == VmpMessageType.Response).Select(logged => logged.Message.CorrelationId).Order().ToList();
            Assert.Equal(requests, responses);

            // On a busy machine a silo's death can take longer to be noticed than an asker waits.
            var expired = messages.Where(logged => logged.Message.To == pid && logged.State != DeliveryState.Consumed).ToList();
            Assert.All(expired, logged => Assert.Equal(DeliveryState.Expired, logged.State));
            Assert.Equal(requests.Count - expired.Count, (await ReadAsync(() => llmos.GetProcessAsync(pid))).Turns);
            var failed = messages.Where(logged => logged.Message.From == pid && VmpHeaders.ErrorOf(logged.Message) is { Code: LlmosErrorCode.DeadlineExceeded }).Select(logged => logged.Message.CorrelationId);
            Assert.Equal(expired.Select(logged => logged.Message.CorrelationId).Order(), failed.Order());
        }

        await UntilAsync(
            async () =>
            {
                var meters = await Task.WhenAll(pids.Select(async pid => (await ReadAsync(() => llmos.Grains.GetGrain<IProcessGrain>(pid).ReadMeterAsync())).Reading.Tokens));
                var statement = await ReadAsync(() => llmos.Grains.GetGrain<IAccountGrain>(User).GetStatementAsync());
                return statement.Leased == 0 && statement.TotalTokens == meters.Sum();
            },
            "the account has what the meters read");
    }

    /// <summary>
    /// Asks again while the cluster has not noticed yet that the silo is dead: where grains are is kept by all silos, and what that one knew is out of reach until then.
    /// </summary>
    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var deadline = DateTime.UtcNow + Limit;
        while (true)
        {
            try
            {
                return await read();
            }
            catch (LlmosException away) when (away.Code == LlmosErrorCode.Unavailable && DateTime.UtcNow < deadline)
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }

    private static async Task AskAsync(LlmosClient llmos, long pid, ConcurrentQueue<(long Pid, LlmosException? Error)> outcomes, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                // A question that is under way when the load ends is waited for.
                await llmos.AskAsync(pid, $"Question {i}.", Patience, CancellationToken.None);
                outcomes.Enqueue((pid, null));
            }
            catch (LlmosException error)
            {
                outcomes.Enqueue((pid, error));
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, Func<string>? describe = null)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var deadline = DateTime.UtcNow + Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what}: not within {Limit}; {describe?.Invoke()}");
            await pause.WaitForNextTickAsync();
        }
    }

    private async Task<ChildProcess> JoinAsync(string name, int port)
    {
        var silo = Start(name, "--silo-port", "0", "--gateway-port", "0", "--roles", "inference", "--join", $"127.0.0.1:{port}", "--threads", "1");
        await silo.WaitForAsync(text => text.Contains("gateway", StringComparison.Ordinal), Limit, "a silo that has joined");
        return silo;
    }

    private ChildProcess Start(string name, params string[] arguments)
    {
        var data = _folder.File(name);
        return ChildProcess.Start("LLMOS.Silo.dll", data, ["--data", data, "--http", "none", .. arguments]);
    }

    private static async Task<Application> ConnectAsync(int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddLlmosClient(options => options.Gateways.Add($"127.0.0.1:{gatewayPort}"));
        var host = builder.Build();
        await host.StartAsync();
        return new Application(host);
    }

    private sealed class Application(IHost host) : IAsyncDisposable
    {
        public LlmosClient Client { get; } = host.Services.GetRequiredService<LlmosClient>();

        public async ValueTask DisposeAsync()
        {
            using var limit = new CancellationTokenSource(Limit);
            await host.StopAsync(limit.Token);
            host.Dispose();
        }
    }
}
