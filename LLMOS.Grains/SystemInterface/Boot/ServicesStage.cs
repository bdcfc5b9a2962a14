using LLMOS.Agents.SystemAgents;
using LLMOS.Kernel;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using Microsoft.Extensions.Options;

namespace LLMOS.SystemInterface.Boot;

/// <summary>Memory and the message log. Messages are delivered only after the agents' stage: see <see cref="AgentsStage"/>.</summary>
public sealed class ServicesStage(IOptions<KernelOptions> options) : IBootStage
{
    public BootStage Stage => BootStage.Services;

    public async Task<string> StartAsync(BootContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        options.Value.Validate();
        if (!await context.Grains.GetGrain<IContextRegionGrain>(LoggerProgram.Region).TryCreateAsync("system"))
        {
            throw LlmosException.Refused($"The region {LoggerProgram.Region} belongs to somebody else: move it away; the system keeps its log there.");
        }

        var newest = await context.Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { Limit = 1 });
        return newest.IsEmpty ? "memory, message log (empty)" : $"memory, message log (up to {newest[0].Sequence})";
    }

    public Task UndoAsync(BootContext context) => Task.CompletedTask;
}
