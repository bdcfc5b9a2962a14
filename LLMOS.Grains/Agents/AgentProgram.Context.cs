using System.Collections.Immutable;
using LLMOS.Agents.SystemAgents;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Agents;

// What a turn thinks about: role, history and message, within the window and the budget.
public sealed partial class AgentProgram
{
    /// <summary>What every request of the turn has, but for the messages.</summary>
    internal static InferenceRequest Template(ITurn turn, TurnOptions options) => new()
    {
        Pid = turn.Process.Pid,
        Messages = [],
        MaxTokens = Math.Min(turn.Spec.MaxTokensPerTurn, options.MaxTokens ?? int.MaxValue),
        Sampling = options.Apply(new SamplingOptions { Temperature = turn.Spec.Temperature, Seed = turn.Seed }),
        Priority = turn.Priority,
        Tree = ProcessTree.RootOf(turn.Process),
        Domain = SecurityDomain.Of(turn.Process),
        Reservation = options.Reservation,
        Tools = options.Tools,
        ToolChoice = options.ToolChoice,
        RequiredTool = options.RequiredTool,
        IsRaw = options.IsRaw,
        Adapters = turn.Spec.Adapters.IsDefault ? [] : turn.Spec.Adapters,
    };

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

    private static async Task<TurnContext> BuildContextAsync(
        ITurn turn, InferenceRequest template, RunPlan? plan, IContextRegionGrain region, Thinker thinker)
    {
        // A budget smaller than the window bounds the prompt as the window does.
        var window = (int)Math.Min(thinker.Card.ContextLength, turn.Process.Budget.Allocated);
        var maxAnswer = Math.Max(1, Math.Min(template.MaxTokens, window / 2));
        await RepageAsync(turn, region, thinker);
        var demand = new ContextDemand(window - maxAnswer, turn.Message.Payload) { Policy = turn.Spec.Paging };
        var view = await region.FitAsync(demand);
        var (paging, extracts) = (view.Activity, view.Extracts);
        var said = view.Entries.FirstOrDefault(entry => entry.Id == EntryId(turn, SaidEntry));
        while (true)
        {
            var history = view.Entries.Where(entry => entry.Id != EntryId(turn, SaidEntry) && entry.Id != HeardId(turn)).ToList();
            if (plan is not null)
            {
                // The message is what its sender wrote into the shared region, too.
                history.RemoveAll(entry => entry.Text == turn.Message.Payload);
            }

            var request = template with { Messages = Assemble(turn, plan, history) };
            var estimate = await thinker.Replica.EstimateAsync(request);
            var excess = estimate.PromptTokens - (window - maxAnswer);
            if (excess <= 0)
            {
                return new TurnContext(request, estimate.Cost, maxAnswer, said, !view.IsWhole) { Paging = paging, Extracts = extracts };
            }

            if (history.Count == 0)
            {
                throw LlmosException.InvalidArgument(
                    $"The message and the role of {turn.Process.Name} take {estimate.PromptTokens} tokens, and {window - maxAnswer} are there beside the answer's {maxAnswer}: " +
                    "shorten them, raise its budget, or use a model with a longer window.");
            }

            // What the role, the message and the template take beside the history is known now.
            demand = demand with { Tokens = Math.Min(demand.Tokens, view.Entries.Sum(entry => entry.Tokens)) - excess, IsRepeated = true };
            view = await region.FitAsync(demand);
            paging += view.Activity;
            extracts = [.. extracts.Union(view.Extracts)];
        }
    }

    /// <summary>Has the pages of a process's own region, or of one that nobody read yet, as large as its model's window wants them, in its tokens.</summary>
    private static async Task RepageAsync(ITurn turn, IContextRegionGrain region, Thinker thinker)
    {
        var pageTokens = PageSize.Of(thinker.Card.ContextLength);
        while (await region.GetInfoAsync() is { } info && (info.Model != thinker.Card.Name || info.PageTokens != pageTokens)
            && (info.Model.Length == 0 || info.Owner == ContextRegionGrain.OwnerOf(turn.Process.Pid)))
        {
            if (!turn.Process.Permissions.HasFlag(Permissions.WriteContext))
            {
                return;
            }

            var entries = info.Entries == 0 ? [] : await region.ReadAsync();
            var tokens = entries.IsEmpty ? [] : await thinker.Replica.CountTokensAsync([.. entries.Select(entry => entry.Text)]);
            if (await region.RepageAsync(thinker.Card.Name, pageTokens, [.. tokens], info.Version))
            {
                return;
            }
        }
    }

    /// <summary>What has a model write the summaries that are extracts as yet; it is no part of the turn, and nobody waits for it.</summary>
    private static IEnumerable<OutgoingMessage> AskForSummaries(ITurn turn, TurnContext context) =>
        context.Extracts.IsEmpty || turn.Process.Sandbox is { IsolatedContext: true }
            ? []
            : [SummarizerProgram.Ask(turn.Process.Context.Region, context.Extracts)];

    /// <summary>The context that a turn had when it began to speak, with what the process may do now.</summary>
    private static async Task<TurnContext> ResumeContextAsync(
        ITurn turn, InferenceRequest template, TurnOpening opening, IContextRegionGrain region, Thinker thinker)
    {
        opening.EnsureSame(thinker.Card);
        var tail = await region.TailAsync(thinker.Card.ContextLength);
        var request = opening.Request with { Priority = template.Priority, Domain = template.Domain, ReadableDomains = template.ReadableDomains };
        var estimate = await thinker.Replica.EstimateAsync(request);
        return new TurnContext(
            request, estimate.Cost, request.MaxTokens, tail.FirstOrDefault(entry => entry.Id == EntryId(turn, SaidEntry)), opening.Truncated);
    }

    /// <summary>What a turn has to think about.</summary>
    /// <param name="Request">The request for it.</param>
    /// <param name="Cost">Tokens of it that have to be computed, as far as was known when it was made.</param>
    /// <param name="MaxAnswer">Tokens that are there for the answer.</param>
    /// <param name="Said">What an earlier attempt at this turn said; null when there was none, or it got nowhere.</param>
    /// <param name="Truncated">Whether older context was left out.</param>
    private sealed record TurnContext(
        InferenceRequest Request, int Cost, int MaxAnswer, ContextEntry? Said, bool Truncated)
    {
        /// <summary>What was done to put the history together.</summary>
        public PagingActivity Paging { get; init; }

        /// <summary>Summaries in it that no model wrote yet.</summary>
        public ImmutableArray<Guid> Extracts { get; init; } = [];
    }
}
