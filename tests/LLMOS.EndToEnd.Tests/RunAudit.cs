using LLMOS.Agents;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests;

/// <summary>Holds a finished run to "every message handled exactly once in effect".</summary>
internal static class RunAudit
{
    public static async Task HoldAsync(string data, string runId)
    {
        await using var system = await StoredSystem.OpenAsync(data);
        var run = await system.RunAsync(runId);
        Assert.True(run.Status == RunStatus.Completed, $"The run is {run.Status}: {run.Failure}");
        var names = run.Members.ToDictionary(member => member.Pid, member => member.Role);

        // One message under way at a time: each was sent by whoever received the one before.
        var messages = (await system.MessagesAsync(runId)).Where(logged => logged.Message.MessageType != VmpMessageType.Notification).ToList();
        Assert.All(messages, logged => Assert.Equal(DeliveryState.Consumed, logged.State));
        Assert.Equal(messages.Count, messages.Select(logged => logged.Message.MessageId).Distinct().Count());
        Assert.Equal(WorkflowRoute.User, names[messages[0].Message.From]);
        Assert.Equal(WorkflowRoute.User, names[messages[^1].Message.To]);
        for (var i = 1; i < messages.Count; i++)
        {
            Assert.Equal(messages[i - 1].Message.To, messages[i].Message.From);
        }

        // What was said is in the region once: the request, and one entry for each message an agent sent.
        var region = await system.RegionAsync(run.Region);
        Assert.Equal(messages.Select(logged => logged.Message.Payload), region.Select(entry => entry.Text));
        Assert.Equal(messages[^1].Message.Payload, run.Result);

        // Each turn was committed once, and its tokens were charged once.
        var processes = await system.ProcessesAsync(runId);
        foreach (var process in processes)
        {
            Assert.Equal(ProcessState.Terminated, process.State);
            Assert.Equal(ExitKind.Exit, process.Exit!.Kind);
            Assert.Equal(messages.Count(logged => logged.Message.To == process.Pid), process.Turns);
            if (process.Program == ProcessPrograms.Agent)
            {
                Assert.Equal(region.Where(entry => entry.Pid == process.Pid).Sum(entry => entry.Tokens), process.CompletionTokens);
            }
        }

        // Each end is in the system log once, as far as the log came before the shell went.
        var ends = (await system.RegionAsync("/logs/system")).Where(entry => names.ContainsKey(entry.Pid)).ToList();
        Assert.Equal(ends.Count, ends.Select(entry => entry.Pid).Distinct().Count());
    }
}
