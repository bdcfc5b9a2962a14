using System.Collections.Immutable;
using LLMOS.Kernel;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Bus;

/// <summary>A running system whose processes run <see cref="BusPrograms"/> and no model.</summary>
internal sealed class BusSystem : IAsyncDisposable
{
    private readonly RunningSystem _system;

    private BusSystem(RunningSystem system, BusPrograms programs)
    {
        _system = system;
        Programs = programs;
    }

    public BusPrograms Programs { get; }

    public IGrainFactory Grains => _system.Grains;

    public IServiceProvider Services => _system.Services;

    public IProcessGrain Console => _system.Console;

    public IMessageLogGrain Log => Grains.GetGrain<IMessageLogGrain>(0);

    public static async Task<BusSystem> StartAsync(string data, Action<KernelOptions>? configure = null)
    {
        var programs = new BusPrograms();
        var system = await RunningSystem.StartAsync(data, new BootRequest { LoadModel = false }, services =>
        {
            programs.AddTo(services);
            services.Configure<KernelOptions>(options => configure?.Invoke(options));
        });
        return new BusSystem(system, programs);
    }

    public IProcessGrain Process(long pid) => _system.Process(pid);

    public IMulticastGroupGrain Group(string name) => Grains.GetGrain<IMulticastGroupGrain>(name);

    public async Task<long> SpawnAsync(string program, Func<ProcessSpec, ProcessSpec>? with = null)
    {
        var spec = new ProcessSpec { Name = program, Program = program };
        return (await _system.Table.SpawnAsync(with?.Invoke(spec) ?? spec)).Pid;
    }

    public Task<VmpMessage> SendAsync(long to, string text, Func<OutgoingMessage, OutgoingMessage>? with = null)
    {
        var message = new OutgoingMessage { To = to, Payload = text };
        return Console.SendAsync(with?.Invoke(message) ?? message);
    }

    /// <summary>Takes what answers or acknowledges a message out of the console's mailbox.</summary>
    public async Task<VmpMessage> AnswerAsync(VmpMessage message, VmpMessageType type = VmpMessageType.Response)
    {
        var answer = await Console.PeekAsync(
            new MessageFilter { CorrelationId = message.MessageId.ToString(), MessageType = type }, RunningSystem.Limit, CancellationToken.None)
            ?? throw new TimeoutException($"No {type} to '{message.Payload}' within {RunningSystem.Limit}.");
        await Console.ConsumeAsync(answer.MessageId);
        return answer;
    }

    public async Task<VmpMessage> ReceiveAsync(long pid)
    {
        var message = await Process(pid).PeekAsync(MessageFilter.Any, RunningSystem.Limit, CancellationToken.None)
            ?? throw new TimeoutException($"No message came to process {pid} within {RunningSystem.Limit}.");
        await Process(pid).ConsumeAsync(message.MessageId);
        return message;
    }

    public async Task<ImmutableArray<LoggedMessage>> DeadAsync(long pid) => await Log.QueryAsync(new MessageQuery { Pid = pid, DeadOnly = true });

    /// <summary>The one entry of the log for a message, once it is done with.</summary>
    public async Task<LoggedMessage> SettledAsync(VmpMessage message)
    {
        LoggedMessage? found = null;
        await UntilAsync(async () =>
        {
            found = (await Log.QueryAsync(new MessageQuery { Pid = message.To, Limit = 1_000 })).Single(logged => logged.Message.MessageId == message.MessageId);
            return found.State >= DeliveryState.Consumed;
        }, $"message {message.MessageId} is done with");
        return found!;
    }

    public Task BlockedOnAsync(long pid, BlockReason reason) => UntilAsync(
        async () => await Process(pid).GetAsync() is { State: ProcessState.Blocked } process && process.BlockedOn == reason, $"process {pid} is blocked on {reason}");

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what}: not within {RunningSystem.Limit}");
            await pause.WaitForNextTickAsync();
        }
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();
}
