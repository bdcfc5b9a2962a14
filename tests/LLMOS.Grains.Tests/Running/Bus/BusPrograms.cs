using System.Collections.Concurrent;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Programs that need no model, and what the tests tell them.</summary>
internal sealed class BusPrograms
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<Guid, int> _attempts = new();

    /// <summary>Every message that a program began to handle, in order.</summary>
    public ConcurrentQueue<VmpMessage> Begun { get; } = new();

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IProcessProgram>(new Program("echo", EchoAsync));
        services.AddSingleton<IProcessProgram>(new Program("gate", GateAsync));
        services.AddSingleton<IProcessProgram>(new Program("flaky", FlakyAsync));
        services.AddSingleton<IProcessProgram>(new Program("forward", ForwardAsync));
    }

    /// <summary>Lets a process that runs the program "gate" go on, now and later.</summary>
    public void Open(long pid) => Gate(pid).TrySetResult();

    public int AttemptsAt(Guid messageId) => _attempts.GetValueOrDefault(messageId);

    private Task<TurnOutcome> EchoAsync(ITurn turn, CancellationToken cancellationToken)
    {
        Begun.Enqueue(turn.Message);
        return Task.FromResult(Answer(turn));
    }

    private async Task<TurnOutcome> GateAsync(ITurn turn, CancellationToken cancellationToken)
    {
        Begun.Enqueue(turn.Message);
        await Gate(turn.Process.Pid).Task.WaitAsync(cancellationToken);
        return Answer(turn);
    }

    /// <summary>Fails as often as the payload says, in passing, or for good where it says "never".</summary>
    private Task<TurnOutcome> FlakyAsync(ITurn turn, CancellationToken cancellationToken)
    {
        Begun.Enqueue(turn.Message);
        var attempt = _attempts.AddOrUpdate(turn.Message.MessageId, 1, (_, count) => count + 1);
        if (turn.Message.Payload == "never")
        {
            throw LlmosException.InvalidArgument("The text 'never' cannot be handled: say something else.");
        }

        return attempt <= int.Parse(turn.Message.Payload, CultureInfo.InvariantCulture)
            ? throw LlmosException.Unavailable("The engine is away.")
            : Task.FromResult(Answer(turn));
    }

    /// <summary>Handles "PID N how": sends N - 1 to the PID as a message of this kind, while N is above 0.</summary>
    private Task<TurnOutcome> ForwardAsync(ITurn turn, CancellationToken cancellationToken)
    {
        Begun.Enqueue(turn.Message);
        if (turn.Message.Payload.Split(' ') is not [var to, var left, var how] || left == "0")
        {
            return Task.FromResult(TurnOutcome.Nothing);
        }

        var pid = long.Parse(to, CultureInfo.InvariantCulture);
        var count = int.Parse(left, CultureInfo.InvariantCulture);
        return Task.FromResult(new TurnOutcome
        {
            Outgoing = [new OutgoingMessage
            {
                To = pid,
                Payload = how == "ping" ? $"{turn.Process.Pid} {count - 1} ping" : left,
                MessageType = how == "ping" ? VmpMessageType.Request : VmpMessageType.Notification,
                RequiresAck = how == "acked",
            }],
            AwaitAcks = how == "acked",
        });
    }

    private static TurnOutcome Answer(ITurn turn) => turn.Message.MessageType == VmpMessageType.Request
        ? new TurnOutcome { Outgoing = [Responses.To(turn.Message, turn.Message.Payload)] }
        : TurnOutcome.Nothing;

    private TaskCompletionSource Gate(long pid) =>
        _gates.GetOrAdd(pid, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class Program(string name, Func<ITurn, CancellationToken, Task<TurnOutcome>> run) : IProcessProgram
    {
        public string Name => name;

        public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken) => run(turn, cancellationToken);
    }
}
