using System.Collections.Concurrent;
using System.Net;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using LLMOS.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LLMOS.Client.Tests;

/// <summary>A client whose network carries nothing for a while, and then breaks.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-partition-");
    private LlmosHost _host = null!;
    private TcpProxy _network = null!;
    private IHost _application = null!;

    /// <summary>A client in the silo's process, which needs no network.</summary>
    private LlmosClient Near => _host.Services.GetRequiredService<LlmosClient>();

    private LlmosClient Far => _application.Services.GetRequiredService<LlmosClient>();

    public async ValueTask InitializeAsync()
    {
        // A gateway goes by the address that clients reach it at, which is the proxy's.
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        _network = new TcpProxy(gateway.Port);
        var silo = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = _data.FullName });
        silo.ConfigureSilo(builder => builder.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.GatewayPort = _network.Port;
            endpoints.GatewayListeningEndpoint = gateway;
        }));
        silo.Services.AddLlmosClient();
        silo.Services.AddSingleton<IProcessProgram, DripProgram>();
        _host = silo.Build();
        await _host.StartAsync();
        await foreach (var _ in Near.BootAsync(new BootRequest { LoadModel = false }))
        {
            // Each stage in its turn.
        }

        var application = Host.CreateApplicationBuilder();
        application.Logging.ClearProviders();
        application.Services.AddLlmosClient(options => options.Gateways.Add($"127.0.0.1:{_network.Port}"));
        application.Services.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        _application = application.Build();
        using var limit = new CancellationTokenSource(Limit);
        await _application.StartAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _application.StopAsync(limit.Token);
        _application.Dispose();
        await _network.DisposeAsync();
        await _host.StopAsync(limit.Token);
        await _host.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Calls_end_with_a_sentence_a_watcher_goes_on_where_it_was_and_what_is_sent_again_comes_once()
    {
        var speaker = (await Near.SpawnAsync(new ProcessSpec { Name = "speaker", Program = DripProgram.ProgramName })).Pid;
        var mailbox = (await Near.SpawnAsync(new ProcessSpec { Name = "mailbox", Program = ProcessPrograms.Mailbox })).Pid;
        var seen = new ConcurrentQueue<ProcessOutput>();
        var watching = WatchAsync(speaker, seen);
        var answering = Near.AskAsync(speaker, "Speak.", cancellationToken: TestContext.Current.CancellationToken);
        await SeenAsync(seen, DripProgram.Pieces / 10);

        _network.Stall();
        var message = new OutgoingMessage { MessageId = Guid.NewGuid(), To = mailbox, Payload = "once", MessageType = VmpMessageType.Notification };
        var asking = Far.AskAsync(speaker, "And then?", cancellationToken: TestContext.Current.CancellationToken);
        await LostAsync(Far.GetProcessAsync(speaker));
        await LostAsync(Far.SendAsync(message));
        await LostAsync(asking);
        _network.Flow();
        await Far.SendAsync(message).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await SeenAsync(seen, DripProgram.Pieces / 3);

        _network.Reset();
        await watching.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(DripProgram.Whole, string.Concat(seen.Where(output => output.Kind == ProcessOutputKind.Text).Select(output => output.Text)));
        Assert.DoesNotContain(seen, output => output.Kind == ProcessOutputKind.TurnRestarted);
        Assert.Equal(seen.Count, seen.DistinctBy(output => (output.Epoch, output.Offset)).Count());
        Assert.Equal(DripProgram.Whole, (await answering).Payload);

        await Far.SendAsync(message).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal("once", (await Near.ReceiveAsync(mailbox, timeout: Limit, cancellationToken: TestContext.Current.CancellationToken))?.Payload);
        Assert.Null(await Near.ReceiveAsync(mailbox, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(await Near.QueryMessagesAsync(new MessageQuery { Pid = mailbox }));
    }

    private async Task WatchAsync(long pid, ConcurrentQueue<ProcessOutput> seen)
    {
        await foreach (var output in Far.WatchAsync(pid, TestContext.Current.CancellationToken))
        {
            seen.Enqueue(output);
            if (output.Kind == ProcessOutputKind.TurnCommitted)
            {
                return;
            }
        }
    }

    private static async Task SeenAsync(ConcurrentQueue<ProcessOutput> seen, int pieces)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var deadline = DateTime.UtcNow + Limit;
        while (seen.Count < pieces)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{seen.Count} outputs were seen, and {pieces} were to be");
            await pause.WaitForNextTickAsync();
        }
    }

    private async Task LostAsync(Task call)
    {
        var lost = await Assert.ThrowsAsync<LlmosException>(() => call.WaitAsync(Limit));
        Assert.Equal(LlmosErrorCode.Unavailable, lost.Code);
        Assert.Contains($"127.0.0.1:{_network.Port}", lost.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", lost.Message, StringComparison.Ordinal);
    }
}
