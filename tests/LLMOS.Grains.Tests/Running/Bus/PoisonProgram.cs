using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Fails at every attempt in the way that a message says, and answers any other.</summary>
internal sealed class PoisonProgram : IProcessProgram
{
    public const string ProgramName = "poisoned";

    private int _attempts;

    public string Name => ProgramName;

    /// <summary>Attempts at messages that are poison.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        if (turn.Message.Payload == "good")
        {
            return Task.FromResult(new TurnOutcome { Outgoing = [Responses.To(turn.Message, "good")] });
        }

        Interlocked.Increment(ref _attempts);
        return turn.Message.Payload switch
        {
            "away" => throw LlmosException.Unavailable("The engine is away."),
            "slow" => throw new TimeoutException("The engine did not answer."),
            "odd" => throw new InvalidOperationException("It was in a state that nobody thought of."),
            "cancelled" => throw new OperationCanceledException("Somebody else gave up."),
            "nothing" => Task.FromResult<TurnOutcome>(null!),
            "mute" => Task.FromResult(new TurnOutcome { Outgoing = [new OutgoingMessage { To = -3, Payload = "to nobody there can be" }] }),
            "unheard" => Task.FromResult(new TurnOutcome { Outgoing = [new OutgoingMessage { To = 0, Group = "a group of nobody", Payload = "?" }] }),
            var other => throw new ArgumentException($"'{other}' is no poison."),
        };
    }
}
