using System.Collections.Concurrent;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running;

/// <summary>Does what a message says: <c>fail N</c> fails N times and then answers, <c>pass N</c> does so with faults that pass, <c>exit</c> ends well, <c>wait</c> goes on until it is stopped.</summary>
public sealed class FailingProgram : IProcessProgram
{
    private readonly ConcurrentDictionary<Guid, int> _attempts = new();

    public string Name => "failing";

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var attempt = _attempts.AddOrUpdate(turn.Message.MessageId, 1, (_, count) => count + 1);
        switch (turn.Message.Payload.Split(' '))
        {
            case ["fail", var times] when attempt <= int.Parse(times, CultureInfo.InvariantCulture):
                turn.Spend(10);
                throw new InvalidOperationException($"attempt {attempt} was to fail");
            case ["pass", var times] when attempt <= int.Parse(times, CultureInfo.InvariantCulture):
                turn.Spend(10);
                throw LlmosException.Unavailable($"attempt {attempt} was to fail in passing");
            case ["exit"]:
                return new TurnOutcome { Exit = ExitReason.Done(), Outgoing = [Responses.To(turn.Message, "ended")] };
            case ["wait"]:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }

        return new TurnOutcome { CompletionTokens = 1, Outgoing = [Responses.To(turn.Message, $"done at attempt {attempt}")] };
    }
}
