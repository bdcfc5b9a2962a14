using System.Globalization;
using LLMOS.Kernel;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Child;

/// <summary>
/// A whole system under a workload of the message bus: requests that want acknowledgements, multicasts to a group and
/// broadcasts, at random by a seed. What was acknowledged to the sender is written to the standard output.
/// </summary>
internal static class BusLoop
{
    public const int Workers = 24;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Works until it is killed.</summary>
    public static async Task<int> RunAsync(string folder, int seed)
    {
        await using var system = await StartAsync(folder);
        var random = new Random(seed);
        for (var i = 0; ; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await SaySentAsync("cast", await system.Client.MulticastAsync(Message(0, $"{i}", VmpMessageType.Broadcast)));
                    break;
                case 1:
                    await SaySentAsync("cast", await system.Client.MulticastAsync(Message(0, $"{i}", VmpMessageType.Notification) with { Group = "odd" }));
                    break;
                default:
                    var to = system.Workers[random.Next(Workers)];
                    var sent = await system.Client.SendAsync(Message(to, $"{i}", VmpMessageType.Request) with { RequiresAck = true });
                    await Console.Out.WriteLineAsync($"sent {sent.MessageId}");
                    break;
            }
        }
    }

    /// <summary>Works until nothing waits for a worker any more, and stops in order.</summary>
    public static async Task<int> DrainAsync(string folder)
    {
        await using var system = await StartAsync(folder);
        var log = system.Host.Services.GetRequiredService<IMessageLog>();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Limit);
        foreach (var worker in system.Workers)
        {
            while ((await log.PendingAsync(worker)).Count > 0)
                await pause.WaitForNextTickAsync(limit.Token);
        }
        await Console.Out.WriteLineAsync("drained");
        return 0;
    }

    private static Task SaySentAsync(string what, MulticastReceipt receipt) => Console.Out.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture, $"{what} {receipt.Message.MessageId} {receipt.Recipients} ."));

    private static OutgoingMessage Message(long to, string text, VmpMessageType type) => new() { To = to, Payload = text, MessageType = type };

    private static async Task<BusSystem> StartAsync(string folder)
    {
        var builder = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = folder });
        builder.Services.AddSingleton<IProcessProgram, BusWorker>();

        // Nobody takes out what comes back to the client.
        builder.Services.Configure<KernelOptions>(options => options.MaxMailboxMessages = int.MaxValue);
        var host = builder.Build();
        await host.StartAsync();
        await foreach (var _ in host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest { LoadModel = false }, CancellationToken.None))
        {
        }

        // A life that was cut short may have left some of it undone.
        var table = host.Grains.GetGrain<IProcessTableGrain>(0);
        var there = (await table.ListAsync(new ProcessFilter())).ToLookup(process => process.Name, process => process.Pid);
        var client = await FindAsync("client", ProcessPrograms.Mailbox);
        var workers = new long[Workers];
        for (var i = 0; i < Workers; i++)
        {
            workers[i] = await FindAsync($"worker-{i}", BusWorker.ProgramName);
            if (i % 2 == 1)
                await host.Grains.GetGrain<IMulticastGroupGrain>("odd").JoinAsync(workers[i]);
        }
        return new BusSystem(host, host.Grains.GetGrain<IProcessGrain>(client), workers);

        async Task<long> FindAsync(string name, string program) => there[name].Any()
            ? there[name].First()
            : (await table.SpawnAsync(new ProcessSpec
            {
                Name = name,
                Program = program,
                Kind = ProcessKind.User,
                Permissions = Kernel.Security.Permissions.All,
            })).Pid;
    }

    private sealed class BusSystem(LlmosHost host, IProcessGrain client, long[] workers) : IAsyncDisposable
    {
        public LlmosHost Host => host;

        public IProcessGrain Client => client;

        public long[] Workers => workers;

        public async ValueTask DisposeAsync()
        {
            using var limit = new CancellationTokenSource(Limit);
            await host.StopAsync(limit.Token);
            await host.DisposeAsync();
        }
    }
}
