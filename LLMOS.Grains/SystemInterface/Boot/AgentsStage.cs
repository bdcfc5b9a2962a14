using LLMOS.Agents;
using LLMOS.Agents.SystemAgents;
using LLMOS.Kernel;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Templates;
using LLMOS.SystemInterface.VectorFs;
using Microsoft.Extensions.Options;
using Orleans.Providers.Streams.Common;

namespace LLMOS.SystemInterface.Boot;

/// <summary>
/// The system agents and the tree of files, then the runs that a former life left unfinished, then the delivery of messages: in this order,
/// so that no run goes on which is to wait.
/// </summary>
public sealed class AgentsStage(IOptions<KernelOptions> options) : IBootStage
{
    private readonly bool _deliver = options.Value.DeliverMessages;

    private static readonly (long Pid, ProcessSpec Spec)[] Agents =
    [
        (WellKnownPids.Monitor, Agent("monitor", "watches the processes and answers questions about them", ProcessPrograms.Monitor)),
        (WellKnownPids.Logger, Agent("logger", "keeps the system log", ProcessPrograms.Logger) with { Region = LoggerProgram.Region }),
        (WellKnownPids.Scheduler, Agent("scheduler", "answers questions about run queues and devices", ProcessPrograms.Scheduler)),
        (WellKnownPids.Summarizer, Agent("summarizer", "writes summaries of what is not in a window", ProcessPrograms.Summarizer) with { Priority = new ProcessPriority(ProcessPriority.Lowest) }),
        (WellKnownPids.Console, Agent("console", "the mailbox of whoever uses the system", ProcessPrograms.Mailbox) with { Kind = ProcessKind.User }),
    ];

    // The tree that VectorFS begins with.
    private static readonly string[] Directories =
        ["/agents", "/apps", "/context", "/knowledge/embeddings", "/knowledge/facts", "/knowledge/graphs", "/logs", "/models", "/tools"];

    public BootStage Stage => BootStage.Agents;

    public async Task<string> StartAsync(BootContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var table = context.Grains.GetGrain<IProcessTableGrain>(0);
        foreach (var (pid, spec) in Agents)
        {
            await table.SpawnAsync(pid, spec);
        }

        await MakeTreeAsync(context);
        var unfinished = await context.Grains.GetGrain<IAgentGroupDirectoryGrain>(0).UnfinishedAsync();
        var kept = 0;
        foreach (var run in unfinished)
        {
            var group = context.Grains.GetGrain<IAgentGroupGrain>(run);
            try
            {
                await group.InterruptAsync();
                kept++;
            }
            catch (LlmosException exception) when (exception.Code == LlmosErrorCode.NotFound)
            {
                // It was entered and its silo went down before it was acknowledged: nobody was promised anything.
                await context.Grains.GetGrain<IAgentGroupDirectoryGrain>(0).LeaveAsync(run);
                continue;
            }
        }

        if (_deliver)
        {
            await CommandAsync(context, PersistentStreamProviderCommand.StartAgents);
        }

        if (context.Request.ResumeRuns)
        {
            foreach (var run in await context.Grains.GetGrain<IAgentGroupDirectoryGrain>(0).UnfinishedAsync())
            {
                await context.Grains.GetGrain<IAgentGroupGrain>(run).ResumeAsync();
            }
        }

        var runs = kept == 0 ? "" : context.Request.ResumeRuns ? $"; {kept} interrupted runs go on" : $"; {kept} interrupted runs wait to be resumed";
        return string.Join(", ", Agents.Select(agent => agent.Spec.Name)) + runs;
    }

    public Task UndoAsync(BootContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _deliver ? CommandAsync(context, PersistentStreamProviderCommand.StopAgents) : Task.CompletedTask;
    }

    /// <summary>Makes the tree as the kernel, whoever asked for the boot: it is nobody's own.</summary>
    private static async Task MakeTreeAsync(BootContext context)
    {
        CallerContext.Behalf = null;
        var files = context.Grains.GetGrain<IVectorFsGrain>(0);
        foreach (var directory in Directories)
        {
            await files.MakeDirectoryAsync(directory);
        }

        // Once: what a user removed or changed stays so.
        if (await files.StatAsync(IProcessTemplateGrain.Folder) is null)
        {
            await files.MakeDirectoryAsync(IProcessTemplateGrain.Folder);
            foreach (var (name, json) in BaseTemplates.All)
            {
                await files.WriteAsync($"{IProcessTemplateGrain.Folder}/{name}.json", json);
            }
        }
    }

    private static Task<object?[]> CommandAsync(BootContext context, PersistentStreamProviderCommand command) => context.Grains
        .GetGrain<IManagementGrain>(0)
        .SendControlCommandToProvider<PersistentStreamProvider>(VmpStreams.Provider, (int)command, null);

    private static ProcessSpec Agent(string name, string role, string program) => new()
    {
        Name = name,
        Role = role,
        Kind = ProcessKind.System,
        Program = program,
        Permissions = Permissions.All,
    };
}
