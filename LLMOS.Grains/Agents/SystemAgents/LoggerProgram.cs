using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;

namespace LLMOS.Agents.SystemAgents;

/// <summary>Keeps the system log: what is sent to it is appended to its region, once.</summary>
public sealed class LoggerProgram : IProcessProgram
{
    /// <summary>The path of the region that the log lies in.</summary>
    public const string Region = "/logs/system";

    public string Name => ProcessPrograms.Logger;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var message = turn.Message;
        await turn.Grains.GetGrain<IContextRegionGrain>(Region).AppendAsync(new ContextEntry(
            message.MessageId, message.From, $"process {message.From}", message.Payload, TokenEstimate.Of(message.Payload), message.Timestamp));
        return TurnOutcome.Nothing;
    }
}
