using System.Collections.Immutable;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;

namespace LLMOS.Agents;

/// <summary>What a model said within a turn and nobody was shown.</summary>
/// <param name="Text">What it said; empty where the turn ends its process.</param>
/// <param name="IsCut">Whether there was no room for the rest.</param>
/// <param name="MaxTokens">The room that there was.</param>
/// <param name="Outcome">What it took, and the end of the process where its hard limit is reached.</param>
internal sealed record Thought(string Text, bool IsCut, int MaxTokens, TurnOutcome Outcome)
{
    /// <summary>Waits for the budget, thinks, and spends what that takes.</summary>
    /// <exception cref="LlmosException">No model is there, or the generation was cut off.</exception>
    public static async Task<Thought> ThinkAsync(
        ITurn turn, ImmutableArray<PromptMessage> messages, SamplingOptions sampling, int maxTokens, CancellationToken cancellationToken)
    {
        await using var thinker = await Thinker.AcquireAsync(turn.Grains, turn.Process.Pid, turn.Spec.Model, turn.Priority);
        var request = new InferenceRequest
        {
            Pid = turn.Process.Pid,
            Messages = messages,
            MaxTokens = maxTokens,
            Sampling = sampling,
            Tree = ProcessTree.RootOf(turn.Process),
            Domain = SecurityDomain.Of(turn.Process),
        };
        var estimate = await thinker.Replica.EstimateAsync(request);
        var needed = Math.Min(estimate.Cost + maxTokens, turn.Process.Budget.Allocated);
        var left = await turn.AwaitBudgetAsync(needed, cancellationToken);
        if (left < needed)
        {
            return new Thought("", false, 0, new TurnOutcome
            {
                Exit = ExitReason.LimitReached($"{left} of its budget of {turn.Process.Budget.Allocated} tokens are left, and its next turn needs {needed}"),
            });
        }

        request = request with { MaxTokens = (int)Math.Min(maxTokens, Math.Max(1, left - estimate.Cost)) };
        var said = new StringBuilder();
        InferenceUsage? usage = null;
        turn.BeginThinking();
        try
        {
            await foreach (var chunk in thinker.GenerateAsync(request with { Priority = turn.Priority }, cancellationToken))
            {
                turn.Spend(chunk.Tokens + (usage is null && said.Length == 0 ? estimate.Cost : 0));
                said.Append(chunk.Text);
                usage = chunk.Usage ?? usage;
            }
        }
        finally
        {
            turn.EndThinking();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return usage is { FinishReason: not FinishReason.Cancelled }
            ? new Thought(said.ToString(), usage.FinishReason == FinishReason.Length, request.MaxTokens, new TurnOutcome
            {
                Model = thinker.Card.Name,
                WindowLength = thinker.Card.ContextLength,
                PromptTokens = usage.PromptTokens - usage.CachedTokens,
                CompletionTokens = usage.CompletionTokens,
                EngineTime = usage.EngineTime,
                ContextLength = usage.PromptTokens + usage.CompletionTokens,
            })
            : throw LlmosException.Unavailable($"The generation on {thinker.Card.Name} was cut off before its end.");
    }
}
