using System.Collections.Immutable;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Client;

/// <summary>
/// What a program does with an LLMOS system: boots it, spawns and controls processes, exchanges messages with them,
/// and runs workflows. It works over any grain factory: that of a cluster it joined, or of a silo in the same process.
/// Errors are <see cref="LlmosException"/>s whose message can be shown to a person. Safe for several threads.
/// </summary>
public sealed partial class LlmosClient
{
    /// <summary>How long one call waits in a grain; a longer wait is several calls, so that none meets the cluster's response timeout.</summary>
    private static readonly TimeSpan WaitSlice = TimeSpan.FromSeconds(5);

    /// <summary>A client over a grain factory, such as an <see cref="IClusterClient"/>.</summary>
    public LlmosClient(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        Grains = grains;
    }

    /// <summary>The grains behind it, for what the client has no method for.</summary>
    public IGrainFactory Grains { get; }

    private IProcessTableGrain ProcessTable => Grains.GetGrain<IProcessTableGrain>(0);

    /// <summary>Boots the system, yielding each stage as it completes; one that is booted yields them at once.</summary>
    /// <param name="request">How to boot; null for the default.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <exception cref="LlmosException">A stage failed; the message names the part and the remedy.</exception>
    public IAsyncEnumerable<BootProgress> BootAsync(BootRequest? request = null, CancellationToken cancellationToken = default) =>
        Grains.GetGrain<IBootGrain>(0).BootAsync(request ?? new BootRequest(), cancellationToken);

    /// <summary>Spawns a process.</summary>
    /// <returns>Its PCB, with the PID it got.</returns>
    /// <exception cref="LlmosException">The spec is wrong, or its parent does not exist or has ended.</exception>
    public Task<ProcessControlBlock> SpawnAsync(ProcessSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return ProcessTable.SpawnAsync(spec);
    }

    internal Task<ProcessControlBlock> SpawnForRequestAsync(ProcessSpec spec) => ProcessTable.SpawnForRequestAsync(spec);

    /// <summary>Spawns several processes that may wait for each other.</summary>
    /// <param name="specs">Makes the specs from the PIDs that the processes will have, in the same order.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="LlmosException">A spec is wrong, or some wait for each other in a circle, which the message names.</exception>
    public async Task<ImmutableArray<ProcessControlBlock>> SpawnAllAsync(int count, Func<ImmutableArray<long>, IEnumerable<ProcessSpec>> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var pids = await ProcessTable.AllocateAsync(count);
        return await ProcessTable.SpawnAllAsync([.. pids.Zip(specs(pids), (pid, spec) => new SpawnRequest(pid, spec))]);
    }

    /// <summary>The PID that a number or a name stands for. Of several with a name, the newest that lives, else the newest.</summary>
    /// <param name="pidOrName">A PID or a name.</param>
    /// <param name="syscall">The syscall that is to be made with it, which then fails for there being none, in the audit log too; null to look only.</param>
    /// <exception cref="LlmosException">There is none.</exception>
    public Task<long> ResolveAsync(string pidOrName, string? syscall = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pidOrName);
        return syscall is null ? ProcessTable.ResolveAsync(pidOrName) : ProcessTable.ResolveForAsync(pidOrName, syscall);
    }

    /// <exception cref="LlmosException">There is no such process.</exception>
    public Task<ProcessControlBlock> GetProcessAsync(long pid) => Process(pid).GetAsync();

    /// <summary>Processes in the order of their PIDs (<c>ps</c>).</summary>
    /// <param name="filter">Which ones; null for the newest thousand.</param>
    public Task<ImmutableArray<ProcessControlBlock>> ListProcessesAsync(ProcessFilter? filter = null) =>
        ProcessTable.ListAsync(filter ?? new ProcessFilter());

    /// <summary>Ends a process, in the middle of a turn too; its children become init's. Ending one that has ended changes nothing.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="reason">A sentence that its exit reason keeps.</param>
    public Task KillAsync(long pid, string reason = "killed by the user") => Process(pid).KillAsync(ExitReason.Killed(reason));

    /// <summary>Ends a process and all that descend from it.</summary>
    public Task KillTreeAsync(long pid, string reason = "killed by the user") => Process(pid).KillTreeAsync(ExitReason.Killed(reason));

    /// <summary>Waits for the end of a process.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="timeout">How long to wait; null for as long as it lives.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its PCB: with its exit reason, or as it is when the time is over.</returns>
    /// <exception cref="LlmosException">There is no such process.</exception>
    public async Task<ProcessControlBlock> WaitAsync(long pid, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = timeout - TimeProvider.System.GetElapsedTime(started) ?? WaitSlice;
            var process = await Process(pid).WaitForEndAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left < WaitSlice ? left : WaitSlice, cancellationToken);
            if (process.State == ProcessState.Terminated || left <= TimeSpan.Zero)
            {
                return process;
            }
        }
    }

    /// <summary>Stops a process. The turn it was in is undone and starts anew when the process is resumed.</summary>
    public Task SuspendAsync(long pid, string reason = "suspended by the user") => Process(pid).SuspendAsync(reason);

    /// <summary>Lets a suspended process go on.</summary>
    public Task ResumeAsync(long pid) => Process(pid).ResumeAsync();

    /// <summary>Sets a priority, also in the middle of a turn.</summary>
    public Task SetPriorityAsync(long pid, ProcessPriority priority) => Process(pid).SetPriorityAsync(priority);

    /// <summary>Adds to a process's priority, within the scale: more is less urgent.</summary>
    /// <returns>The priority that it has then.</returns>
    public Task<ProcessPriority> NiceAsync(long pid, int delta) => Process(pid).NiceAsync(delta);

    /// <summary>A process's limits, and what it and its children have used of them (<c>getrlimit</c>).</summary>
    /// <exception cref="LlmosException">There is no such process.</exception>
    public Task<AccountStatement> GetLimitsAsync(long pid) => Process(pid).GetLimitsAsync();

    /// <summary>Sets a limit of a process (<c>setrlimit</c>). Its owner may lower one, only those who manage processes may raise it.</summary>
    /// <returns>The limits it has then.</returns>
    /// <exception cref="LlmosException">There is no such process, it has ended, the value is wrong, or the caller may not.</exception>
    public Task<AccountStatement> SetLimitAsync(long pid, ResourceLimit limit, double value) =>
        Process(pid).SetLimitAsync(limit, value);

    /// <summary>The account of a user or group, such as <c>alice/web</c>; it begins when it is first used.</summary>
    /// <exception cref="LlmosException">That can be no account.</exception>
    public Task<AccountStatement> GetAccountAsync(string account) => Account(account).GetStatementAsync();

    /// <summary>Sets a limit of the account of a user or group.</summary>
    /// <returns>The account as it is then.</returns>
    /// <exception cref="LlmosException">That can be no account, or the value is wrong.</exception>
    public Task<AccountStatement> SetAccountLimitAsync(string account, ResourceLimit limit, double value) =>
        Account(account).SetLimitAsync(ConsoleUser, limit, value);

    /// <summary>Gives a process another model: a turn under way is finished on the one it has, the next one runs on the new one and on the same context.</summary>
    /// <returns>Its PCB with the new model.</returns>
    /// <exception cref="LlmosException">There is no such model or no room for it, or the process has ended or does not think; then nothing has changed.</exception>
    public Task<ProcessControlBlock> SwapModelAsync(long pid, string model) => Process(pid).SwapModelAsync(model);

    /// <summary>What a process shows: its text token by token, and where its turns begin and end. Ends when the process ends.</summary>
    /// <remarks>
    /// It begins with what the process showed lately, so that a watcher who comes late has not missed the turn that goes
    /// on, and goes on when the process moves to another silo. The text of a committed turn is shown once.
    /// </remarks>
    /// <exception cref="LlmosException">There is no such process, or it stayed out of reach for a minute.</exception>
    public IAsyncEnumerable<ProcessOutput> WatchAsync(long pid, CancellationToken cancellationToken = default) =>
        new ProcessWatch(Grains, pid).WatchAsync(cancellationToken);

    /// <summary>Reads the durable log of VMP messages, oldest first.</summary>
    /// <param name="query">Which ones; null for the newest hundred.</param>
    public Task<ImmutableArray<LoggedMessage>> QueryMessagesAsync(MessageQuery? query = null) =>
        Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(query ?? new MessageQuery());

    /// <summary>Describes a context region.</summary>
    /// <exception cref="LlmosException">The region was never made.</exception>
    public async Task<RegionInfo> GetRegionAsync(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return await Grains.GetGrain<IContextRegionGrain>(path).GetInfoAsync() ?? throw LlmosException.NotFound(
            $"There is no context region '{path}': regions have paths such as /context/project-webserver, and a run names its own.");
    }

    /// <summary>All that a context region holds, oldest first.</summary>
    /// <exception cref="LlmosException">The region was never made.</exception>
    public async Task<ImmutableArray<ContextEntry>> ReadRegionAsync(string path)
    {
        _ = await GetRegionAsync(path);
        return await Grains.GetGrain<IContextRegionGrain>(path).ReadAsync();
    }

    /// <summary>The pages of a context region, oldest first.</summary>
    /// <exception cref="LlmosException">The region was never made.</exception>
    public async Task<ImmutableArray<RegionPage>> ListPagesAsync(string path)
    {
        _ = await GetRegionAsync(path);
        return await Grains.GetGrain<IContextRegionGrain>(path).ListPagesAsync();
    }

    /// <summary>Keeps a page of a region in the windows of those that read it, as far as there is room, or lets it go.</summary>
    /// <exception cref="LlmosException">There is no such region or page.</exception>
    public Task PinPageAsync(string path, int page, bool isPinned) => Grains.GetGrain<IContextRegionGrain>(path).PinAsync(page, isPinned);

    /// <summary>What the levels of memory of each silo hold.</summary>
    public Task<ImmutableArray<SiloMemory>> GetMemoryAsync() => Grains.GetGrain<IMemoryGrain>(0).DescribeAsync();

    /// <summary>The keys of programs that come over HTTP.</summary>
    public IApiKeysGrain Keys => Grains.GetGrain<IApiKeysGrain>(0);

    private static LimitCaller ConsoleUser => new(WellKnownPids.Console, Permissions.All);

    private IAccountGrain Account(string account)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        AccountKey.Validate(account);
        return Grains.GetGrain<IAccountGrain>(account);
    }

    private IProcessGrain Process(long pid) => Grains.GetGrain<IProcessGrain>(pid);
}
