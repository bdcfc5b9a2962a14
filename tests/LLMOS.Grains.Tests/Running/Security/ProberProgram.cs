using System.Globalization;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Security;

/// <summary>A program that does what its message says, whatever it may do, and answers with what came of it.</summary>
internal sealed class ProberProgram : IProcessProgram
{
    public const string ProgramName = "prober";

    public string Name => ProgramName;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        var words = turn.Message.Payload.Split(' ');
        var grains = turn.Grains;
        IProcessGrain Process() => grains.GetGrain<IProcessGrain>(long.Parse(words[1], CultureInfo.InvariantCulture));
        var said = "done";
        switch (words[0])
        {
            case "kill":
                await Process().KillAsync(ExitReason.Killed("by the prober"));
                break;
            case "cat":
                said = $"{(await grains.GetGrain<IContextRegionGrain>(words[1]).ReadAsync()).Length}";
                break;
            case "make":
                said = $"{await grains.GetGrain<IContextRegionGrain>(words[1]).TryCreateAsync("prober")}";
                break;
            case "send-as":
                await Process().SendAsync(new OutgoingMessage { To = WellKnownPids.Console, Payload = "forged" });
                break;
            case "spawn":
                await grains.GetGrain<IProcessTableGrain>(0).SpawnAsync(new ProcessSpec
                {
                    Name = "probed",
                    Program = ProcessPrograms.Mailbox,
                    ParentPid = turn.Process.Pid,
                    Permissions = Enum.Parse<Permissions>(words[1]),
                });
                break;
            case "spawn-in":
                await grains.GetGrain<IProcessTableGrain>(0).SpawnAsync(new ProcessSpec
                {
                    Name = "probed",
                    Program = ProcessPrograms.Mailbox,
                    ParentPid = turn.Process.Pid,
                    Region = words[1],
                    Permissions = Enum.Parse<Permissions>(words[2]),
                });
                break;
            case "log":
                await grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { Pid = long.Parse(words[1], CultureInfo.InvariantCulture) });
                break;
            case "generate-as":
                await foreach (var _ in grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(Thinker.DefaultModel, 0)).GenerateAsync(
                    new InferenceRequest { Pid = long.Parse(words[1], CultureInfo.InvariantCulture), Messages = [new PromptMessage(PromptRole.User, "hi")], MaxTokens = 1 }, cancellationToken))
                {
                }

                break;
            case "watch":
                // It does not listen to its turn being stopped: what it may not see must end by itself.
                await foreach (var output in Process().WatchAsync(0, CancellationToken.None))
                {
                    turn.Show("seen", 1);
                }

                break;
            default:
                throw LlmosException.InvalidArgument($"'{words[0]}' is nothing to probe.");
        }

        return new TurnOutcome { Outgoing = [Responses.To(turn.Message, said)] };
    }
}
