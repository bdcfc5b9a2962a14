using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Agents;

/// <summary>The user's end of a workflow: the message that reaches it is the run's result.</summary>
public sealed class RunEndpointProgram : IProcessProgram
{
    public string Name => ProcessPrograms.RunEndpoint;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (turn.Message.CorrelationId != turn.Process.Group || turn.Message.MessageType is VmpMessageType.Notification or VmpMessageType.Broadcast
            || VmpHeaders.ErrorOf(turn.Message) is not null)
        {
            return TurnOutcome.Nothing;
        }

        await turn.Grains.GetGrain<IAgentGroupGrain>(turn.Process.Group).CompleteAsync(turn.Message);
        return new TurnOutcome { Exit = ExitReason.Done("result received") };
    }

    public Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => AgentProgram.TellGroupAsync(process, grains);
}
