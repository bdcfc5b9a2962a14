using System.Globalization;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Agents.SystemAgents;

/// <summary>Answers every request with the devices and the run queue of the default model.</summary>
public sealed class SchedulerProgram(IDeviceMap devices) : IProcessProgram
{
    public string Name => ProcessPrograms.Scheduler;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (turn.Message.MessageType != VmpMessageType.Request)
        {
            return TurnOutcome.Nothing;
        }

        var queue = await turn.Grains.GetGrain<ISchedulerGrain>(Thinker.DefaultModel).GetQueueAsync();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{queue.Count(entry => entry.Thinking)} of {queue.Length} known processes think.");
        foreach (var device in devices.Devices)
        {
            text.Append(CultureInfo.InvariantCulture,
                $" {device.Device}: {device.Load.Active} active, {device.Load.Waiting} waiting, {device.Load.KvUsed} of {device.Load.KvTotal} KV cells.");
        }

        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, text.ToString())] };
    }
}
