using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Agents;

/// <summary>
/// A run of a workflow. Every step of its start carries ids that follow from the run's own, and is done again by a
/// resume: what is there already stays as it is.
/// </summary>
public sealed class AgentGroupGrain : Grain, IAgentGroupGrain, IGuardedGrain
{
    private readonly IPersistentState<AgentGroupRecord> _state;
    private readonly TimeProvider _time;
    private readonly CoalescedWrite _write;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AgentGroupGrain([PersistentState("agent-group")] IPersistentState<AgentGroupRecord> state, TimeProvider time)
    {
        _state = state;
        _time = time;
        _write = new CoalescedWrite(() => _state.WriteStateAsync());
    }

    private string RunId => this.GetPrimaryKeyString();

    private AgentGroupRecord Record => _state.State;

    private RunRequest Request => Record.Request ?? throw LlmosException.NotFound($"There is no run {RunId}: 'runs' lists those there are.");

    private bool HasEnded => Record.Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (HasEnded)
        {
            _ended.TrySetResult();
        }

        return Task.CompletedTask;
    }

    public async Task<RunSnapshot> StartAsync(RunRequest request)
    {
        WorkflowRules.Validate(request);
        if (Record.Request is not null)
        {
            throw LlmosException.Refused($"The run {RunId} exists: resume it, or start one with another id.");
        }

        await Directory.EnterAsync(RunId);
        var pids = await Table.AllocateAsync(request.Template.Roles.Length + 1);
        Record.Request = request;
        Record.Status = RunStatus.Starting;
        Record.Principal = CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal;
        Record.MostUrgent = CallerContext.Behalf is { Pid: null } starter && !starter.Has(Privileges.ManageProcesses) ? starter.MostUrgent : default;
        Record.StartedAt = _time.GetUtcNow();
        Record.Members =
        [
            new RunMember(WorkflowRoute.User, pids[0]),
            .. request.Template.Roles.Select((role, i) => new RunMember(role.Name, pids[i + 1])),
        ];
        await SaveAsync();
        return await ContinueAsync();
    }

    public async Task<RunSnapshot> ResumeAsync()
    {
        _ = Request;
        if (!HasEnded)
        {
            return await ContinueAsync();
        }

        await SettleEndAsync();
        return Snapshot();
    }

    public async Task InterruptAsync()
    {
        _ = Request;
        if (HasEnded)
        {
            await SettleEndAsync();
            return;
        }

        if (Record.Status != RunStatus.Interrupted)
        {
            Record.Status = RunStatus.Interrupted;
            await SaveAsync();
        }

        await ForEachLivingAsync((process, _) => process.SuspendAsync($"run {RunId} was interrupted"));
    }

    public async Task CancelAsync(string reason)
    {
        _ = Request;
        if (HasEnded)
        {
            return;
        }

        await EndAsync(RunStatus.Cancelled, null, reason);
        await ForEachLivingAsync((process, _) => process.KillAsync(ExitReason.Killed($"run {RunId} was cancelled: {reason}")));
    }

    public async Task CompleteAsync(VmpMessage result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _ = Request;
        if (!HasEnded)
        {
            await EndAsync(RunStatus.Completed, result.Payload, "");
        }

        // The user's end is in the turn that called this, and ends with it.
        await ForEachLivingAsync((process, member) => member.Role == WorkflowRoute.User
            ? Task.CompletedTask
            : process.KillAsync(ExitReason.Done($"run {RunId} completed")));
    }

    public async Task FailAsync(long pid, string reason)
    {
        _ = Request;
        if (HasEnded)
        {
            return;
        }

        var role = Record.Members.FirstOrDefault(member => member.Pid == pid)?.Role ?? "a process";
        await EndAsync(RunStatus.Failed, null, $"{role} ({pid}) could not go on: {reason}");
        await ForEachLivingAsync((process, _) => process.KillAsync(ExitReason.Killed($"run {RunId} failed")));
    }

    public Task<RunSnapshot> GetAsync() => Task.FromResult(Snapshot());

    public Task<RunPlan> GetPlanAsync() => Task.FromResult(new RunPlan(Request.Template, Record.Region, Record.Members));

    public async Task<RunSnapshot> WaitForEndAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        _ = Request;
        var started = _time.GetTimestamp();
        TimeSpan Left() => wait - _time.GetElapsedTime(started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        try
        {
            await _ended.Task.WaitAsync(wait, _time, cancellationToken);
            await ForEachLivingAsync((process, _) => process.WaitForEndAsync(Left(), cancellationToken));
        }
        catch (TimeoutException)
        {
            // It goes on; the caller sees that in the snapshot.
        }

        return Snapshot();
    }

    public async Task<ImmutableArray<VmpMessage>> MulticastAsync(long from, string payload)
    {
        _ = Request;
        if (CallerContext.Behalf is { Pid: { } caller } && caller != from)
        {
            throw LlmosException.Denied($"process {caller} may not send in the name of process {from}: a process sends as itself.");
        }

        if (Record.Members.All(member => member.Pid != from))
        {
            throw LlmosException.Refused($"Process {from} is no member of {RunId} and cannot send to its group.");
        }

        var sender = GrainFactory.GetGrain<IProcessGrain>(from);
        var sent = await Task.WhenAll(Record.Members.Where(member => member.Pid != from).Select(member =>
            sender.SendAsync(new OutgoingMessage
            {
                To = member.Pid,
                Payload = payload,
                MessageType = VmpMessageType.Broadcast,
                CorrelationId = RunId,
            })));
        return [.. sent];
    }

    string? IGuardedGrain.WhyNot(Caller caller, bool write)
    {
        var hasPart = Record.Request is null || (caller.Pid is null ? caller.Principal == Record.Principal : caller.Group == RunId);
        return hasPart ? null : $"the run {RunId} is another's";
    }

    private async Task<RunSnapshot> ContinueAsync()
    {
        if (Record.Region.Length == 0)
        {
            Record.Region = await CreateRegionAsync();
            await SaveAsync();
        }

        var user = Record.Members[0];
        await GrainFactory.GetGrain<IContextRegionGrain>(Record.Region).AppendAsync(new ContextEntry(
            MessageIds.OfName($"{RunId}/request"), user.Pid, user.Role, Request.Request, TokenEstimate.Of(Request.Request), Record.StartedAt));
        foreach (var (pid, spec) in Specs())
        {
            await Table.SpawnAsync(pid, spec);
        }

        if (Record.Status != RunStatus.Running)
        {
            Record.Status = RunStatus.Running;
            await SaveAsync();
        }

        // A member that was killed while nobody could take note of it ends the run now.
        await ForEachAsync(async (process, member) =>
        {
            var pcb = await process.GetAsync();
            if (pcb.State != ProcessState.Terminated)
            {
                await process.ResumeAsync();
            }
            else if (member.Role != WorkflowRoute.User)
            {
                await FailAsync(member.Pid, pcb.Exit?.Text ?? "it has ended");
            }
        });
        if (!HasEnded)
        {
            await SendRequestAsync();
        }

        return Snapshot();
    }

    private async Task SendRequestAsync()
    {
        var first = WorkflowRouter.Next(Request.Template, WorkflowRoute.User, "", ImmutableDictionary<string, string>.Empty)!;
        await GrainFactory.GetGrain<IProcessGrain>(Record.Members[0].Pid).SendAsync(new OutgoingMessage
        {
            To = Record.Members.First(member => member.Role == first.To).Pid,
            Payload = Request.Request,
            MessageId = MessageIds.OfName($"{RunId}/request"),
            CorrelationId = RunId,
            Headers = first.Headers,
        });
    }

    private async Task<string> CreateRegionAsync()
    {
        var wanted = Request.Template.Region.Replace(ProjectSlug.Placeholder, ProjectSlug.Of(Request.Request), StringComparison.Ordinal);
        for (var number = 1; ; number++)
        {
            var path = number == 1 ? wanted : $"{wanted}-{number}";
            if (await GrainFactory.GetGrain<IContextRegionGrain>(path).TryCreateAsync(RunId))
            {
                return path;
            }
        }
    }

    private IEnumerable<(long Pid, ProcessSpec Spec)> Specs()
    {
        var user = Record.Members[0].Pid;
        yield return (user, new ProcessSpec
        {
            Name = WorkflowRoute.User,
            Role = Request.Request.Length <= ProcessSpecRules.MaxRoleLength ? Request.Request : Request.Request[..ProcessSpecRules.MaxRoleLength],
            Kind = ProcessKind.User,
            Program = ProcessPrograms.RunEndpoint,

            // Its members spend from it. A slice of it may meet two slices of each, so this limits them to what they have.
            Budget = Math.Max(1, Request.Template.Roles.Sum(role => role.Budget > long.MaxValue / 1_000 ? long.MaxValue / 1_000 : role.Budget) * 2),
            Region = Record.Region,
            Group = RunId,
        });
        foreach (var (role, member) in Request.Template.Roles.Zip(Record.Members.Skip(1)))
        {
            yield return (member.Pid, new ProcessSpec
            {
                Name = role.Name,
                Role = role.Prompt,
                Kind = role.Kind,
                Priority = role.Priority < Record.MostUrgent ? Record.MostUrgent : role.Priority,
                Budget = role.Budget,
                MaxTokensPerTurn = role.MaxTokensPerTurn,
                Temperature = role.Temperature,
                Model = role.Model.Length > 0 ? role.Model : Request.Model,
                Durability = role.Durability,
                ParentPid = user,
                Region = Record.Region,
                Group = RunId,
                Seed = Request.Seed == 0 ? 0 : TurnSeed.Derive(Request.Seed, MessageIds.OfName(role.Name)),
            });
        }
    }

    private async Task EndAsync(RunStatus status, string? result, string failure)
    {
        Record.Status = status;
        Record.Result = result;
        Record.Failure = failure;
        Record.EndedAt = _time.GetUtcNow();
        await SaveAsync();
        await Directory.LeaveAsync(RunId);
        _ended.TrySetResult();
    }

    // A crash may have come after the end was stored and before the rest of it was done.
    private async Task SettleEndAsync()
    {
        await Directory.LeaveAsync(RunId);
        var reason = Record.Status == RunStatus.Completed
            ? ExitReason.Done($"run {RunId} completed")
            : ExitReason.Killed($"run {RunId} is {Record.Status.ToString().ToUpperInvariant()}");
        await ForEachLivingAsync((process, _) => process.KillAsync(reason));
    }

    private Task ForEachLivingAsync(Func<IProcessGrain, RunMember, Task> act) => ForEachAsync(async (process, member) =>
    {
        try
        {
            if ((await process.GetAsync()).State != ProcessState.Terminated)
            {
                await act(process, member);
            }
        }
        catch (LlmosException exception) when (exception.Code == LlmosErrorCode.NotFound)
        {
            // A run that ends in its start has members that were never made.
        }
    });

    private async Task ForEachAsync(Func<IProcessGrain, RunMember, Task> act)
    {
        foreach (var member in Record.Members)
        {
            await act(GrainFactory.GetGrain<IProcessGrain>(member.Pid), member);
        }
    }

    private RunSnapshot Snapshot() => new()
    {
        RunId = RunId,
        Workflow = Request.Template.Name,
        Request = Request.Request,
        Status = Record.Status,
        Region = Record.Region,
        Members = Record.Members,
        Result = Record.Result,
        Failure = Record.Failure,
        StartedAt = Record.StartedAt,
        EndedAt = Record.EndedAt,
    };

    private async Task SaveAsync()
    {
        try
        {
            await _write.SaveAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private IProcessTableGrain Table => GrainFactory.GetGrain<IProcessTableGrain>(0);

    private IAgentGroupDirectoryGrain Directory => GrainFactory.GetGrain<IAgentGroupDirectoryGrain>(0);
}
