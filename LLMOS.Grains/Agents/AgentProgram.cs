using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using Orleans.Serialization;

namespace LLMOS.Agents;

/// <summary>
/// An LLM agent: takes a message, builds its context, thinks, and replies, or passes on what its workflow says.
/// What it said is in the region under an id that follows from the message before the turn is committed; a turn that is
/// replayed after that finds it there and says the same, whatever the model would say now. At durability token what it says
/// is in its script before that, and a replay goes on behind it.
/// </summary>
public sealed partial class AgentProgram(Serializer serializer) : IProcessProgram
{
    // The numbers of a turn's effects; see MessageIds.Derive. Outgoing messages count from 0.
    private const int HeardEntry = 1_000;
    private const int SaidEntry = 1_001;

    // A turn that could say less than this waits for the next slice of its budget.
    internal const int LeastAnswer = 16;

    public string Name => ProcessPrograms.Agent;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var region = turn.Grains.GetGrain<IContextRegionGrain>(turn.Process.Context.Region);
        if (turn.Message.MessageType != VmpMessageType.Request)
        {
            await region.AppendAllAsync([Heard(turn, TokenEstimate.Of(turn.Message.Payload))], OwnerOf(turn));
            return TurnOutcome.Nothing;
        }

        if (OwnerOf(turn) is { } owner)
        {
            // It is stored with what is heard and said: a commit before the first token would be for nothing that anyone said.
            await region.OpenAsync(owner);
        }

        var plan = turn.Process.Group.Length > 0
            ? await turn.Grains.GetGrain<IAgentGroupGrain>(turn.Process.Group).GetPlanAsync()
            : null;
        var options = ReadOptions(turn, plan);
        try
        {
            return await AnswerAsync(turn, options, plan, region, cancellationToken);
        }
        catch (OperationCanceledException) when (turn.Process.State is ProcessState.Terminated or ProcessState.Suspended)
        {
            // The turn may have come to an engine after what was there was given back.
            await ReleaseAsync(turn.Process, turn.Spec, turn.Grains);
            throw;
        }
    }

    public async Task CheckContinuesAsync(ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(spec);
        EnsureContinues(spec.Name, spec.Model, await Thinker.CanContinueAsync(grains, spec.Model));
    }

    /// <summary>A child that goes on from its parent's context goes on from its KV, too, where an engine has that.</summary>
    public async Task OnStartedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(spec);
        if (process.Inherited is not null)
        {
            await Thinker.ForkAsync(grains, process.ParentPid, process, spec.Model);
        }
    }

    public async Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(spec);
        await ReleaseAsync(process, spec, grains);
        await TellGroupAsync(process, grains);
    }

    /// <summary>A run cannot go on without a member that was killed or failed.</summary>
    internal static Task TellGroupAsync(ProcessControlBlock process, IGrainFactory grains) =>
        process is { State: ProcessState.Terminated, Group.Length: > 0, Exit: { Kind: not ExitKind.Exit } exit }
            ? grains.GetGrain<IAgentGroupGrain>(process.Group).FailAsync(process.Pid, exit.Text)
            : Task.CompletedTask;

    internal static Task ReleaseAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) =>
        Thinker.ReleaseAsync(grains, process.Pid, spec.Model, SecurityDomain.EndsWith(process) ? SecurityDomain.Of(process) : null);

    private async Task<TurnOutcome> AnswerAsync(
        ITurn turn, TurnOptions options, RunPlan? plan, IContextRegionGrain region, CancellationToken cancellationToken)
    {
        var template = Template(turn, options) with { ReadableDomains = await ReadableDomainsAsync(turn, region) };
        var script = turn.Script is { } own ? new AgentScript(own, serializer) : null;
        var opening = script?.Opening;
        var model = opening?.Model ?? turn.Spec.Model;
        await using var thinker = await Thinker.AcquireAsync(
            turn.Grains,
            turn.Process.Pid,
            model,
            turn.Priority,
            async () => opening?.Request ?? template with { Messages = Assemble(turn, plan, await region.TailAsync((int)Math.Min(int.MaxValue, turn.Process.Budget.Allocated))) });
        if (script is not null)
        {
            EnsureContinues(turn.Process.Name, model, thinker.Card.CanContinue);
        }

        var context = opening is null
            ? await BuildContextAsync(turn, template, plan, region, thinker)
            : await ResumeContextAsync(turn, template, opening, region, thinker);
        var outcome = new TurnOutcome
        {
            Model = thinker.Card.Name,
            WindowLength = thinker.Card.ContextLength,
            ContextFault = context.Truncated,
            Paging = context.Paging,
        };
        string text;
        var headers = ImmutableDictionary<string, string>.Empty;
        if (context.Said is { } said)
        {
            text = said.Text;
            if (script is not null)
            {
                script.ShowWhole(text, said.Tokens);
            }
            else
            {
                turn.Show(text, said.Tokens);
            }

            outcome = outcome with { CompletionTokens = said.Tokens };
            headers = said.Data.Length > 0 ? headers.Add(TurnHeaders.Calls, said.Data) : headers;
        }
        else
        {
            var answer = new AgentAnswer();
            foreach (var chunk in script?.Said ?? [])
            {
                answer.Add(chunk);
            }

            var request = context.Request;
            if (answer.Usage is null)
            {
                var least = opening is null ? LeastAnswer : request.MaxTokens - answer.TokenIds.Length;
                var needed = Math.Min(context.Cost + least, turn.Process.Budget.Allocated);
                var left = await turn.AwaitBudgetAsync(needed, cancellationToken);
                if (left < needed)
                {
                    return outcome with
                    {
                        Exit = ExitReason.LimitReached($"{left} of its budget of {turn.Process.Budget.Allocated} tokens are left, and its next turn needs {needed}"),
                    };
                }

                if (opening is null)
                {
                    request = request with
                    {
                        MaxTokens = (int)Math.Min(context.MaxAnswer, Math.Max(left - context.Cost, LeastAnswer)),
                        NamesTokens = script is not null,
                    };
                    await (script?.BeginAsync(new TurnOpening(model, thinker.Card, request, context.Truncated)) ?? Task.CompletedTask);
                }
            }

            // Counted while the model is certainly in memory.
            var heard = plan is null ? (await thinker.Replica.CountTokensAsync([turn.Message.Payload]))[0] : 0;
            outcome = await ThinkAsync(turn, thinker, script, answer, request, context.Cost, outcome, cancellationToken);
            (text, headers) = (answer.Text, answer.Headers());
            var answered = new ContextEntry(EntryId(turn, SaidEntry), turn.Process.Pid, turn.Process.Name, text, outcome.CompletionTokens, turn.Now)
            {
                Data = headers.GetValueOrDefault(TurnHeaders.Calls, ""),
            };
            await region.AppendAllAsync(plan is null ? [Heard(turn, heard), answered] : [answered], OwnerOf(turn));
        }

        if (model != turn.Spec.Model)
        {
            // It was given another while a turn that had begun to speak waited to be gone on with.
            await ReleaseModelAsync(turn.Process, model, turn.Grains);
        }

        return plan is null
            ? outcome with { Outgoing = [Responses.To(turn.Message, text, headers), .. AskForSummaries(turn, context)] }
            : outcome with { Outgoing = [Route(turn, plan, text), .. AskForSummaries(turn, context)] };
    }

    internal static TurnOptions ReadOptions(ITurn turn, RunPlan? plan = null)
    {
        var options = TurnOptions.Of(turn.Message);
        if (options.MaxTokens is <= 0)
        {
            throw LlmosException.InvalidArgument($"The limit of {options.MaxTokens} tokens lets nothing be said: use 1 or more.");
        }

        return plan is null || options.Tools.IsEmpty
            ? options
            : throw LlmosException.Refused($"{turn.Process.Name} works in the run {turn.Process.Group}, where nobody waits to run functions: ask a process of its own.");
    }

    public Task<bool> OnPriorityChangedAsync(ProcessControlBlock process, string model, ProcessPriority priority, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Thinker.SetPriorityAsync(grains, process.Pid, model, priority);
    }

    public async Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        await using var thinker = await Thinker.AcquireAsync(grains, process.Pid, model, process.Priority);
        if (process.Durability == ProcessDurability.Token)
        {
            EnsureContinues(process.Name, model, thinker.Card.CanContinue);
        }

        return new ModelReady(thinker.Card.Name, thinker.Card.ContextLength);
    }

    public Task ReleaseModelAsync(ProcessControlBlock process, string model, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        var isRoot = ProcessTree.RootOf(process) == process.Pid;
        return Thinker.ReleaseAsync(grains, process.Pid, model, isRoot ? SecurityDomain.Of(process) : null);
    }

    /// <summary>Has the model make what is missing of an answer.</summary>
    internal static async Task<TurnOutcome> ThinkAsync(
        ITurn turn, Thinker thinker, AgentScript? script, AgentAnswer answer, InferenceRequest request, int cost, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        if (answer.Usage is null)
        {
            turn.BeginThinking();
            try
            {
                // As urgent as it is at this moment; the kernel tells the engine what changes from here on.
                await foreach (var chunk in thinker.GenerateAsync(request with { Emitted = answer.TokenIds, Priority = turn.Priority }, cancellationToken))
                {
                    turn.Spend(chunk.Tokens + cost);
                    cost = 0;
                    answer.Add(chunk);
                    if (script is not null && chunk.Usage is not { FinishReason: FinishReason.Cancelled })
                    {
                        script.Say(chunk);
                    }
                    else if (script is null && chunk.Text.Length > 0)
                    {
                        turn.Show(chunk.Text, chunk.Tokens);
                    }
                }

                await (script?.FlushAsync() ?? Task.CompletedTask);
            }
            finally
            {
                turn.EndThinking();
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (answer.Usage is not { FinishReason: not FinishReason.Cancelled } usage)
        {
            throw LlmosException.Unavailable($"The generation on {thinker.Card.Name} was cut off before its end.");
        }

        return outcome with
        {
            PromptTokens = usage.PromptTokens - usage.CachedTokens,
            CompletionTokens = usage.CompletionTokens,
            EngineTime = usage.EngineTime,
            ContextLength = usage.PromptTokens + usage.CompletionTokens,
        };
    }

    /// <exception cref="LlmosException">The model cannot go on with an answer that was cut short.</exception>
    private static void EnsureContinues(string process, string model, bool canContinue)
    {
        if (!canContinue)
        {
            throw LlmosException.InvalidArgument(
                $"'{process}' cannot have the durability token with the model '{(model.Length > 0 ? model : Thinker.DefaultModel)}': it runs on a server, which does not go on with an answer that was cut short. Use the durability turn, or a model of this cluster's own.");
        }
    }

    /// <summary>Whose the region is if it is not there; null where that is not for the process to say.</summary>
    private static string? OwnerOf(ITurn turn) => turn.Process.Group.Length == 0 ? ContextRegionGrain.OwnerOf(turn.Process.Pid) : null;

    private static ContextEntry Heard(ITurn turn, int tokens) => new(
        HeardId(turn), turn.Message.From, $"process {turn.Message.From}", turn.Message.Payload, tokens, turn.Message.Timestamp)
    {
        Data = turn.Message.MessageType == VmpMessageType.Request ? turn.Message.Headers.GetValueOrDefault(TurnHeaders.Results, "") : "",
    };

    // Processes that share a region hear a multicast there once.
    private static Guid HeardId(ITurn turn) => turn.Message.Group.Length == 0
        ? EntryId(turn, HeardEntry)
        : MessageIds.Derive(turn.Message.MessageId, 0, HeardEntry);

    private static Guid EntryId(ITurn turn, int effect) => MessageIds.Derive(turn.Message.MessageId, turn.Process.Pid, effect);

    private static OutgoingMessage Route(ITurn turn, RunPlan plan, string text)
    {
        var role = RoleOf(plan, turn.Process.Pid);
        var step = WorkflowRouter.Next(plan.Template, role, text, turn.Message.Headers)
            ?? throw LlmosException.Refused($"The workflow '{plan.Template.Name}' has no open route from {role}: add one to '{WorkflowRoute.User}'.");
        return new OutgoingMessage
        {
            To = plan.Members.First(member => member.Role == step.To).Pid,
            Payload = text,
            MessageType = step.To == WorkflowRoute.User ? VmpMessageType.Response : VmpMessageType.Request,
            CorrelationId = turn.Process.Group,
            Headers = step.Headers,
        };
    }

    private static string RoleOf(RunPlan plan, long pid) => plan.Members.FirstOrDefault(member => member.Pid == pid)?.Role ?? $"process {pid}";
}
