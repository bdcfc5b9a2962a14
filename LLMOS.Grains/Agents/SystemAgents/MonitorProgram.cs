using System.Globalization;
using System.Text;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Agents.SystemAgents;

/// <summary>Answers every request with the state of the processes.</summary>
public sealed class MonitorProgram : IProcessProgram
{
    public string Name => ProcessPrograms.Monitor;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (turn.Message.MessageType != VmpMessageType.Request)
        {
            return TurnOutcome.Nothing;
        }

        var processes = await turn.Grains.GetGrain<IProcessTableGrain>(0).ListAsync(new ProcessFilter { LiveOnly = true });
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{processes.Length} processes live");
        foreach (var state in processes.GroupBy(process => process.State).OrderBy(group => group.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"; {state.Count()} {state.Key.ToString().ToUpperInvariant()}");
        }

        text.Append(CultureInfo.InvariantCulture, $". Tokens computed for them: {processes.Sum(process => process.PromptTokens + process.CompletionTokens)}.");
        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, text.ToString())] };
    }
}
