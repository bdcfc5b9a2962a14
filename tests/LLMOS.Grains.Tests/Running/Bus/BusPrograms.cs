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
        services.AddSingleton<IProcessProgram>(new Program("talk", TalkAsync));
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

    /// <summary>Handles steps: "ask PID text" asks and waits, "ack PID" sends what has to be acknowledged and waits for that after the turn. It answers with what it heard last.</summary>
    private async Task<TurnOutcome> TalkAsync(ITurn turn, CancellationToken cancellationToken)
    {
        Begun.Enqueue(turn.Message);
        var outgoing = new List<OutgoingMessage>();
        var heard = turn.Message.Payload;
        foreach (var step in turn.Message.Payload.Split(';'))
        {
            switch (step.Split(' ', 3))
            {
                case ["ask", var pid, var text]:
                    heard = (await turn.AskAsync(long.Parse(pid, CultureInfo.InvariantCulture), text, timeout: null, cancellationToken)).Payload;
                    break;
                case ["ack", var pid]:
                    outgoing.Add(new OutgoingMessage { To = long.Parse(pid, CultureInfo.InvariantCulture), Payload = "hear this", MessageType = VmpMessageType.Notification, RequiresAck = true });
                    break;
            }
        }

        if (turn.Message.MessageType == VmpMessageType.Request)
        {
            outgoing.Add(Responses.To(turn.Message, heard));
        }

        return new TurnOutcome { Outgoing = [.. outgoing], AwaitAcks = true };
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
