using System.Collections.Immutable;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Tests.Child;

/// <summary>Work for everything that the kernel acknowledges, side by side and without an end.</summary>
internal sealed class KernelWorkload(KernelSystem system, int seed)
{
    // Each broadcast goes to all that live, so that few may.
    private const int MostVictims = 4;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    public async Task RunAsync()
    {
        // The first that fails ends it, with its reason.
        Task[] work = [TalkAsync(new Random(seed)), HearAsync(), SpawnAsync(new Random(seed + 1)), .. system.AgentPids.Select(AskAsync)];
        await await Task.WhenAny(work);
    }

    /// <summary>Requests that want acknowledgements, and multicasts.</summary>
    private async Task TalkAsync(Random random)
    {
        var client = system.Process(system.Client);
        for (var i = 0; ; i++)
        {
            switch (random.Next(8))
            {
                case 0:
                    Cast(await client.MulticastAsync(Message(0, $"{i}", VmpMessageType.Broadcast)));
                    break;
                case 1 or 2:
                    Cast(await client.MulticastAsync(Message(0, $"{i}", VmpMessageType.Notification) with { Group = KernelSystem.Group }));
                    break;
                default:
                    var sent = await client.SendAsync(Message(system.WorkerPids[random.Next(KernelSystem.Workers)], $"{i}", VmpMessageType.Request) with { RequiresAck = true });
                    Journal.Say($"sent {sent.MessageId}");
                    break;
            }
        }

        static void Cast(MulticastReceipt receipt) => Journal.Say($"cast {receipt.Message.MessageId} {receipt.Recipients}");
    }

    /// <summary>Takes out what comes back to the client.</summary>
    private async Task HearAsync()
    {
        var client = system.Process(system.Client);
        while (true)
        {
            if (await client.PeekAsync(MessageFilter.Any, Slice, CancellationToken.None) is { } message && await client.ConsumeAsync(message.MessageId))
            {
                Journal.Say($"heard {message.MessageId}");
            }
        }
    }

    /// <summary>Spawns processes, stops them, lets them go on and ends them, and sets a limit now and then.</summary>
    private async Task SpawnAsync(Random random)
    {
        var victims = new List<long>();
        var left = (await system.Table.ListAsync(new ProcessFilter { LiveOnly = true })).Where(process => process.Account == KernelSystem.Spawner);
        victims.AddRange(left.Select(process => process.Pid));
        for (var i = 0; ; i++)
        {
            var index = victims.Count == 0 ? -1 : random.Next(victims.Count);
            switch (victims.Count >= MostVictims ? 3 : random.Next(5))
            {
                case 0:
                    await LimitAsync(random.Next(1_000_000, 2_000_000));
                    break;
                case 1 when index >= 0:
                    await SignalAsync("suspend", victims[index]);
                    break;
                case 2 when index >= 0:
                    await SignalAsync("resume", victims[index]);
                    break;
                case 3 when index >= 0:
                    await SignalAsync("kill", victims[index]);
                    victims.RemoveAt(index);
                    break;
                default:
                    var process = await system.Table.SpawnAsync(new ProcessSpec
                    {
                        Name = FormattableString.Invariant($"victim-{seed}-{i}"),
                        Program = ProcessPrograms.Mailbox,
                        Account = KernelSystem.Spawner,
                    });
                    victims.Add(process.Pid);
                    Journal.Say($"spawned {process.Pid} {process.Name}");
                    break;
            }
        }
    }

    private async Task SignalAsync(string syscall, long pid)
    {
        Journal.Say($"will {syscall} {pid}");
        await system.Grains.GetGrain<ISyscallGrain>(0).CallAsync(new SyscallRequest
        {
            Call = new SyscallCall(syscall, ImmutableSortedDictionary.Create<string, SyscallValue>(StringComparer.Ordinal).Add("pid", SyscallValue.Of((decimal)pid))),
        });
        Journal.Say($"did {syscall} {pid}");
    }

    /// <summary>Asks an agent one question after the other.</summary>
    private async Task AskAsync(long agent)
    {
        var asker = system.Process(system.Asker);
        for (var i = 0; ; i++)
        {
            var request = await asker.SendAsync(Message(agent, $"Question {i}.", VmpMessageType.Request));
            Journal.Say($"sent {request.MessageId}");
            var filter = new MessageFilter { CorrelationId = request.MessageId.ToString(), MessageType = VmpMessageType.Response };
            VmpMessage? answer;
            while ((answer = await asker.PeekAsync(filter, Slice, CancellationToken.None)) is null)
            {
                // It thinks.
            }

            await asker.ConsumeAsync(answer.MessageId);
            Journal.Say($"heard {answer.MessageId}");
        }
    }

    /// <summary>Sets the tokens of a slice for the agents' account: never so few that they wait for the next one.</summary>
    private async Task LimitAsync(int value)
    {
        Journal.Say($"limiting {value}");
        await system.Account(KernelSystem.User).SetLimitAsync(KernelSystem.Administrator, ResourceLimit.Tokens, value);
        Journal.Say($"limit {value}");
    }

    private static OutgoingMessage Message(long to, string text, VmpMessageType type) => new() { To = to, Payload = text, MessageType = type };
}
