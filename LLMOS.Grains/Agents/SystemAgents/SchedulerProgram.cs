using System.Globalization;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Agents.SystemAgents;

/// <summary>Answers every request with the replicas of the models in memory, who thinks on them, and the devices.</summary>
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

        var text = new StringBuilder();
        foreach (var model in devices.Devices.SelectMany(device => device.Models).Select(model => model.Name).Append(Thinker.DefaultModel).Distinct().Order(StringComparer.Ordinal))
        {
            var report = await turn.Grains.GetGrain<ISchedulerGrain>(model).DescribeAsync();
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? " " : "")}{model}: ");
            text.Append(CultureInfo.InvariantCulture, $"{report.Replicas.Sum(replica => replica.Thinking)} of {report.Replicas.Sum(replica => replica.Known)} known processes think");
            text.AppendJoin("", report.Replicas.Select(replica => string.Create(
                CultureInfo.InvariantCulture, $"; replica {replica.Number}: {replica.Thinking} think, {replica.Waiting} wait")));
            text.Append(CultureInfo.InvariantCulture, $"; {report.Moved} requests moved, {report.Opened} replicas opened, {report.Closed} closed.");
        }

        foreach (var device in devices.Devices)
        {
            text.Append(CultureInfo.InvariantCulture,
                $" {device.Device}: {device.Load.Active} active, {device.Load.Waiting} waiting, {device.Load.KvUsed} of {device.Load.KvTotal} KV cells.");
        }

        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, text.ToString())] };
    }
}
