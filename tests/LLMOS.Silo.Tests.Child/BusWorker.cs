using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Tests.Child;

/// <summary>Answers each request with its text, and tells the sender of a multicast that it was heard.</summary>
internal sealed class BusWorker : IProcessProgram
{
    public const string ProgramName = "bus-worker";

    public string Name => ProgramName;

    public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken) => Task.FromResult(turn.Message switch
    {
        { MessageType: VmpMessageType.Request } request => new TurnOutcome { Outgoing = [Responses.To(request, request.Payload)] },
        { Group.Length: > 0 } heard => new TurnOutcome
        {
            Outgoing = [new OutgoingMessage
            {
                To = heard.From,
                Payload = $"heard {heard.Payload}",
                MessageType = VmpMessageType.Notification,
                CorrelationId = $"heard {heard.MessageId}",
            }],
        },
        _ => TurnOutcome.Nothing,
    });
}
