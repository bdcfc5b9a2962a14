using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// What a new process has from its parent.
public sealed partial class ProcessGrain
{
    private async Task<InheritedContext> InheritAsync(ProcessControlBlock parent, ProcessSpec spec)
    {
        if (parent.Group.Length > 0 || parent.Context.Region != RegionPath.OfProcess(parent.Pid))
        {
            throw LlmosException.Refused(
                $"'{spec.Name}' cannot go on from the context of {parent.Name} ({parent.Pid}), which works in {parent.Context.Region} with others: have the child read that region, or leave InheritContext out.");
        }

        var region = GrainFactory.GetGrain<IContextRegionGrain>(RegionPath.OfProcess(Pid));
        await region.InheritAsync(parent.Context.Region, $"process/{Pid}");
        var role = parent.Inherited?.Role ?? parent.Role;
        if (spec.Role.Length > 0 && spec.Role != role)
        {
            // Behind what it inherits, so that its prompt begins with its parent's, whose KV the engine has.
            await region.AppendAsync(new ContextEntry(
                MessageIds.OfName($"process/{Pid}/role"), WellKnownPids.Init, "init", spec.Role, TokenEstimate.Of(spec.Role), _time.GetUtcNow()));
        }

        return new InheritedContext(role, [parent.Pid, .. parent.Inherited?.Pids ?? []]);
    }

    private async Task TellStartedAsync()
    {
        try
        {
            await _programs.Get(Pcb.Program).OnStartedAsync(Pcb, Spec, GrainFactory);
        }
        catch (Exception exception)
        {
            LogNotPrepared(_logger, exception, Pid);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Process {Pid}: nothing could be got ready for its first turn, which computes all of its prompt.")]
    private static partial void LogNotPrepared(ILogger logger, Exception exception, long pid);
}
