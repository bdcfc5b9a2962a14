using System.Collections.Immutable;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

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
        await using var thinker = await Thinker.AcquireAsync(turn.Grains, turn.Process.Pid, turn.Spec.Model, turn.Process.Priority);
        var context = await BuildContextAsync(turn, plan, region, thinker);
        var outcome = new TurnOutcome
        {
            Model = thinker.Card.Name,
            WindowLength = thinker.Card.ContextLength,
            ContextFault = context.Truncated,
        };
        string text;
        if (context.Said is { } said)
        {
            text = said.Text;
            turn.Show(text, said.Tokens);
            outcome = outcome with { CompletionTokens = said.Tokens };
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
            (text, outcome) = await ThinkAsync(turn, thinker, context, maxTokens, outcome, cancellationToken);
            if (plan is null)
            {
                await HearAsync(turn, region, heard);
            }

            await region.AppendAsync(new ContextEntry(
                EntryId(turn, SaidEntry), turn.Process.Pid, turn.Process.Name, text, outcome.CompletionTokens, turn.Now));
        }

        return plan is null
            ? outcome with { Outgoing = [Responses.To(turn.Message, text)] }
            : outcome with { Outgoing = [Route(turn, plan, text)] };
    }

    public async Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(spec);
        await Thinker.ReleaseAsync(grains, process.Pid, spec.Model);
        await TellGroupAsync(process, grains);
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
        return Thinker.ReleaseAsync(grains, process.Pid, model);
    }

    /// <summary>A run cannot go on without a member that was killed or failed.</summary>
    internal static Task TellGroupAsync(ProcessControlBlock process, IGrainFactory grains) =>
        process is { State: ProcessState.Terminated, Group.Length: > 0, Exit: { Kind: not ExitKind.Exit } exit }
            ? grains.GetGrain<IAgentGroupGrain>(process.Group).FailAsync(process.Pid, exit.Text)
            : Task.CompletedTask;

    private static async Task<(string Text, TurnOutcome Outcome)> ThinkAsync(
        ITurn turn, Thinker thinker, TurnContext context, int maxTokens, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        var request = new InferenceRequest
        {
            Pid = turn.Process.Pid,
            Messages = context.Prompt,
            MaxTokens = maxTokens,
            Sampling = new SamplingOptions { Temperature = turn.Spec.Temperature, Seed = turn.Seed },
            Priority = turn.Process.Priority,
            Adapters = turn.Spec.Adapters.IsDefault ? [] : turn.Spec.Adapters,
        };
        var text = new StringBuilder();
        InferenceUsage? usage = null;
        var first = true;
        turn.BeginThinking();
        try
        {
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

        return (text.ToString(), outcome with
        {
            PromptTokens = usage.PromptTokens - usage.CachedTokens,
            CompletionTokens = usage.CompletionTokens,
            EngineTime = usage.EngineTime,
            ContextLength = usage.PromptTokens + usage.CompletionTokens,
        });
    }

    private static async Task<TurnContext> BuildContextAsync(ITurn turn, RunPlan? plan, IContextRegionGrain region, Thinker thinker)
    {
        // A budget smaller than the window bounds the prompt as the window does.
        var window = (int)Math.Min(thinker.Card.ContextLength, turn.Process.Budget.Allocated);
        var maxAnswer = Math.Max(1, Math.Min(turn.Spec.MaxTokensPerTurn, window / 2));
        var tail = await region.TailAsync(window - maxAnswer);
        var truncated = (await region.GetInfoAsync())?.Entries > tail.Length;
        var said = tail.FirstOrDefault(entry => entry.Id == EntryId(turn, SaidEntry));
        var history = tail.Where(entry => entry.Id != EntryId(turn, SaidEntry) && entry.Id != EntryId(turn, HeardEntry)).ToList();
        if (plan is not null)
        {
            // The message is what its sender wrote into the shared region, too.
            history.RemoveAll(entry => entry.Text == turn.Message.Payload);
        }

        while (true)
        {
            var prompt = plan is null
                ? PromptAssembly.Conversation(turn.Process.Role, turn.Process.Pid, history, turn.Message.Payload)
                : PromptAssembly.SharedWork(turn.Process.Role, history, RoleOf(plan, turn.Message.From), turn.Message.Payload);
            var estimate = await thinker.Replica.EstimateAsync(turn.Process.Pid, prompt);
            var excess = estimate.PromptTokens - (window - maxAnswer);
            if (excess <= 0)
            {
                return new TurnContext(prompt, estimate.Cost, maxAnswer, said, truncated);
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
        EntryId(turn, HeardEntry), turn.Message.From, $"process {turn.Message.From}", turn.Message.Payload, tokens, turn.Message.Timestamp));

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
    /// <param name="Prompt">The prompt.</param>
    /// <param name="Cost">Tokens of it that have to be computed, as far as was known when it was made.</param>
    /// <param name="MaxAnswer">Tokens that are there for the answer.</param>
    /// <param name="Said">What an earlier attempt at this turn said; null when there was none, or it got nowhere.</param>
    /// <param name="Truncated">Whether older context was left out.</param>
    private sealed record TurnContext(
        ImmutableArray<PromptMessage> Prompt, int Cost, int MaxAnswer, ContextEntry? Said, bool Truncated);
}
