using System.Collections.Immutable;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Agents;

/// <summary>
/// An LLM agent: takes a message, builds its context, thinks, and replies, or passes on what its workflow says.
/// What it said is in the region under an id that follows from the message before the turn is committed; a turn that is
/// replayed after that finds it there and says the same, whatever the model would say now.
/// </summary>
public sealed class AgentProgram : IProcessProgram
{
    // The numbers of a turn's effects; see MessageIds.Derive. Outgoing messages count from 0.
    private const int HeardEntry = 1_000;
    private const int SaidEntry = 1_001;

    // A turn that could say less than this waits for the next slice of its budget.
    private const int LeastAnswer = 16;

    public string Name => ProcessPrograms.Agent;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var region = turn.Grains.GetGrain<IContextRegionGrain>(turn.Process.Context.Region);
        if (turn.Process.Group.Length == 0)
        {
            await region.TryCreateAsync($"process/{turn.Process.Pid}");
        }

        if (turn.Message.MessageType != VmpMessageType.Request)
        {
            await HearAsync(turn, region, TokenEstimate.Of(turn.Message.Payload));
            return TurnOutcome.Nothing;
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

    private static Task ReleaseAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) =>
        Thinker.ReleaseAsync(grains, process.Pid, spec.Model, SecurityDomain.EndsWith(process) ? SecurityDomain.Of(process) : null);

    private static async Task<TurnOutcome> AnswerAsync(
        ITurn turn, TurnOptions options, RunPlan? plan, IContextRegionGrain region, CancellationToken cancellationToken)
    {
        var template = await TemplateAsync(turn, options, region);
        await using var thinker = await Thinker.AcquireAsync(
            turn.Grains,
            turn.Process.Pid,
            turn.Spec.Model,
            turn.Priority,
            async () => template with { Messages = Assemble(turn, plan, await region.TailAsync((int)Math.Min(int.MaxValue, turn.Process.Budget.Allocated))) });
        var context = await BuildContextAsync(turn, template, plan, region, thinker);
        var outcome = new TurnOutcome
        {
            Model = thinker.Card.Name,
            WindowLength = thinker.Card.ContextLength,
            ContextFault = context.Truncated,
        };
        string text;
        var headers = ImmutableDictionary<string, string>.Empty;
        if (context.Said is { } said)
        {
            text = said.Text;
            turn.Show(text, said.Tokens);
            outcome = outcome with { CompletionTokens = said.Tokens };
            headers = said.Data.Length > 0 ? headers.Add(TurnHeaders.Calls, said.Data) : headers;
        }
        else
        {
            var needed = Math.Min(context.Cost + LeastAnswer, turn.Process.Budget.Allocated);
            var left = await turn.AwaitBudgetAsync(needed, cancellationToken);
            if (left < needed)
            {
                return outcome with
                {
                    Exit = ExitReason.LimitReached($"{left} of its budget of {turn.Process.Budget.Allocated} tokens are left, and its next turn needs {needed}"),
                };
            }

            var maxTokens = (int)Math.Min(context.MaxAnswer, Math.Max(left - context.Cost, LeastAnswer));
            // Counted while the model is certainly in memory.
            var heard = plan is null ? (await thinker.Replica.CountTokensAsync([turn.Message.Payload]))[0] : 0;
            (text, headers, outcome) = await ThinkAsync(turn, thinker, context, maxTokens, outcome, cancellationToken);
            if (plan is null)
            {
                await HearAsync(turn, region, heard);
            }

            await region.AppendAsync(new ContextEntry(
                EntryId(turn, SaidEntry), turn.Process.Pid, turn.Process.Name, text, outcome.CompletionTokens, turn.Now)
            {
                Data = headers.GetValueOrDefault(TurnHeaders.Calls, ""),
            });
        }

        return plan is null
            ? outcome with { Outgoing = [Responses.To(turn.Message, text, headers)] }
            : outcome with { Outgoing = [Route(turn, plan, text)] };
    }

    private static TurnOptions ReadOptions(ITurn turn, RunPlan? plan)
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

    /// <summary>What every request of the turn has, but for the messages.</summary>
    private static async Task<InferenceRequest> TemplateAsync(ITurn turn, TurnOptions options, IContextRegionGrain region) => new()
    {
        Pid = turn.Process.Pid,
        Messages = [],
        MaxTokens = Math.Min(turn.Spec.MaxTokensPerTurn, options.MaxTokens ?? int.MaxValue),
        Sampling = options.Apply(new SamplingOptions { Temperature = turn.Spec.Temperature, Seed = turn.Seed }),
        Priority = turn.Priority,
        Tree = ProcessTree.RootOf(turn.Process),
        Domain = SecurityDomain.Of(turn.Process),
        ReadableDomains = await ReadableDomainsAsync(turn, region),
        Reservation = options.Reservation,
        Tools = options.Tools,
        ToolChoice = options.ToolChoice,
        RequiredTool = options.RequiredTool,
        Adapters = turn.Spec.Adapters.IsDefault ? [] : turn.Spec.Adapters,
    };

    public Task<bool> OnPriorityChangedAsync(ProcessControlBlock process, string model, ProcessPriority priority, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Thinker.SetPriorityAsync(grains, process.Pid, model, priority);
    }

    public async Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        await using var thinker = await Thinker.AcquireAsync(grains, process.Pid, model, process.Priority);
        return new ModelReady(thinker.Card.Name, thinker.Card.ContextLength);
    }

    public Task ReleaseModelAsync(ProcessControlBlock process, string model, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        var isRoot = ProcessTree.RootOf(process) == process.Pid;
        return Thinker.ReleaseAsync(grains, process.Pid, model, isRoot ? SecurityDomain.Of(process) : null);
    }

    /// <summary>The domain of whose region it works in, if it may read that.</summary>
    private static async Task<ImmutableArray<string>> ReadableDomainsAsync(ITurn turn, IContextRegionGrain region)
    {
        const string ProcessOwner = "process/";
        if (turn.Spec.Region.Length == 0 || turn.Process.Group.Length > 0 || !turn.Process.Permissions.HasFlag(Permissions.ReadContext)
            || (await region.GetInfoAsync())?.Owner is not { } owner || !owner.StartsWith(ProcessOwner, StringComparison.Ordinal)
            || !long.TryParse(owner.AsSpan(ProcessOwner.Length), out var pid) || pid == turn.Process.Pid)
        {
            return [];
        }

        var domain = SecurityDomain.Of(await turn.Grains.GetGrain<IProcessGrain>(pid).GetAsync());
        return domain == SecurityDomain.Of(turn.Process) ? [] : [domain];
    }

    private static ImmutableArray<PromptMessage> Assemble(ITurn turn, RunPlan? plan, IReadOnlyList<ContextEntry> history) => plan is null
        ? PromptAssembly.Conversation(
            turn.Process.Inherited?.Role ?? turn.Process.Role,
            [turn.Process.Pid, .. turn.Process.Inherited?.Pids ?? []],
            history,
            turn.Message.Payload,
            turn.Message.Headers.GetValueOrDefault(TurnHeaders.Results, ""))
        : PromptAssembly.SharedWork(turn.Process.Role, history, RoleOf(plan, turn.Message.From), turn.Message.Payload);

    private static async Task<(string Text, ImmutableDictionary<string, string> Headers, TurnOutcome Outcome)> ThinkAsync(
        ITurn turn, Thinker thinker, TurnContext context, int maxTokens, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var calls = ImmutableArray<ToolCall>.Empty;
        var likelihoods = ImmutableArray.CreateBuilder<TokenLikelihood>();
        InferenceUsage? usage = null;
        var first = true;
        turn.BeginThinking();
        try
        {
            // As urgent as it is at this moment; the kernel tells the engine what changes from here on.
            var request = context.Request with { MaxTokens = maxTokens, Priority = turn.Priority };
            await foreach (var chunk in thinker.GenerateAsync(request, cancellationToken))
            {
                turn.Spend(chunk.Tokens + (first ? context.Cost : 0));
                first = false;
                if (chunk.Text.Length > 0)
                {
                    text.Append(chunk.Text);
                    turn.Show(chunk.Text, chunk.Tokens);
                }

                usage = chunk.Usage ?? usage;
                calls = calls.AddRange(chunk.ToolCalls);
                likelihoods.AddRange(chunk.Likelihoods);
            }
        }
        finally
        {
            turn.EndThinking();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (usage is null || usage.FinishReason == FinishReason.Cancelled)
        {
            throw LlmosException.Unavailable($"The generation on {thinker.Card.Name} was cut off before its end.");
        }

        var headers = ImmutableDictionary<string, string>.Empty.Add(TurnHeaders.Usage, TurnHeaders.Write(usage));
        headers = calls.IsEmpty ? headers : headers.Add(TurnHeaders.Calls, TurnHeaders.Write(calls));
        headers = likelihoods.Count == 0 ? headers : headers.Add(TurnHeaders.Likelihoods, TurnHeaders.Write(likelihoods.ToImmutable()));
        return (text.ToString(), headers, outcome with
        {
            PromptTokens = usage.PromptTokens - usage.CachedTokens,
            CompletionTokens = usage.CompletionTokens,
            EngineTime = usage.EngineTime,
            ContextLength = usage.PromptTokens + usage.CompletionTokens,
        });
    }

    private static async Task<TurnContext> BuildContextAsync(
        ITurn turn, InferenceRequest template, RunPlan? plan, IContextRegionGrain region, Thinker thinker)
    {
        // A budget smaller than the window bounds the prompt as the window does.
        var window = (int)Math.Min(thinker.Card.ContextLength, turn.Process.Budget.Allocated);
        var maxAnswer = Math.Max(1, Math.Min(template.MaxTokens, window / 2));
        var tail = await region.TailAsync(window - maxAnswer);
        var truncated = (await region.GetInfoAsync())?.Entries > tail.Length;
        var said = tail.FirstOrDefault(entry => entry.Id == EntryId(turn, SaidEntry));
        var history = tail.Where(entry => entry.Id != EntryId(turn, SaidEntry) && entry.Id != HeardId(turn)).ToList();
        if (plan is not null)
        {
            // The message is what its sender wrote into the shared region, too.
            history.RemoveAll(entry => entry.Text == turn.Message.Payload);
        }

        while (true)
        {
            var request = template with { Messages = Assemble(turn, plan, history) };
            var estimate = await thinker.Replica.EstimateAsync(request);
            var excess = estimate.PromptTokens - (window - maxAnswer);
            if (excess <= 0)
            {
                return new TurnContext(request, estimate.Cost, maxAnswer, said, truncated);
            }

            if (history.Count == 0)
            {
                throw LlmosException.InvalidArgument(
                    $"The message and the role of {turn.Process.Name} take {estimate.PromptTokens} tokens, and {window - maxAnswer} are there beside the answer's {maxAnswer}: " +
                    "shorten them, raise its budget, or use a model with a longer window.");
            }

            // The oldest go first, and no more of them than have to.
            var dropped = 0;
            do
            {
                excess -= Math.Max(1, history[dropped++].Tokens);
            }
            while (excess > 0 && dropped < history.Count);
            history.RemoveRange(0, dropped);
            truncated = true;
        }
    }

    private static Task<long> HearAsync(ITurn turn, IContextRegionGrain region, int tokens) => region.AppendAsync(new ContextEntry(
        HeardId(turn), turn.Message.From, $"process {turn.Message.From}", turn.Message.Payload, tokens, turn.Message.Timestamp)
    {
        Data = turn.Message.MessageType == VmpMessageType.Request ? turn.Message.Headers.GetValueOrDefault(TurnHeaders.Results, "") : "",
    });

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

    /// <summary>What a turn has to think about.</summary>
    /// <param name="Request">The request for it.</param>
    /// <param name="Cost">Tokens of it that have to be computed, as far as was known when it was made.</param>
    /// <param name="MaxAnswer">Tokens that are there for the answer.</param>
    /// <param name="Said">What an earlier attempt at this turn said; null when there was none, or it got nowhere.</param>
    /// <param name="Truncated">Whether older context was left out.</param>
    private sealed record TurnContext(
        InferenceRequest Request, int Cost, int MaxAnswer, ContextEntry? Said, bool Truncated);
}
