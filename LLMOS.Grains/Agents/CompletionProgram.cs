using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Agents;

/// <summary>
/// An LLM that answers one request and ends. The conversation comes with the request, whole, and is kept nowhere: there is no context region, nothing is
/// paged, and what does not fit into the window is an error.
/// </summary>
public sealed class CompletionProgram : IProcessProgram
{
    /// <summary>The <see cref="LlmosException.Argument"/> of the error that the conversation is longer than the window.</summary>
    public const string Conversation = "conversation";

    public string Name => ProcessPrograms.Completion;

    public bool IsFleeting => true;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (turn.History is not { } history)
        {
            throw LlmosException.Refused($"Process {turn.Process.Pid} ({turn.Process.Name}) answers one request, which was brought to it, and reads no messages: send it to an agent.");
        }

        try
        {
            return await AnswerAsync(turn, history, cancellationToken);
        }
        catch (OperationCanceledException) when (turn.Process.State is ProcessState.Terminated or ProcessState.Suspended)
        {
            // The turn may have come to an engine after what was there was given back.
            await AgentProgram.ReleaseAsync(turn.Process, turn.Spec, turn.Grains);
            throw;
        }
    }

    public Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(spec);
        return AgentProgram.ReleaseAsync(process, spec, grains);
    }

    public Task<bool> OnPriorityChangedAsync(ProcessControlBlock process, string model, ProcessPriority priority, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Thinker.SetPriorityAsync(grains, process.Pid, model, priority);
    }

    public Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(process);
        throw LlmosException.Refused($"Process {process.Pid} ({process.Name}) answers one request with the model that this asked for: ask again with another.");
    }

    private static async Task<TurnOutcome> AnswerAsync(ITurn turn, ImmutableArray<ContextEntry> history, CancellationToken cancellationToken)
    {
        var template = AgentProgram.Template(turn, AgentProgram.ReadOptions(turn)) with
        {
            Messages = PromptAssembly.Conversation(
                turn.Process.Role, [turn.Process.Pid], history, turn.Message.Payload, turn.Message.Headers.GetValueOrDefault(TurnHeaders.Results, "")),
        };
        await using var thinker = await Thinker.AcquireAsync(
            turn.Grains, turn.Process.Pid, turn.Spec.Model, turn.Priority, () => Task.FromResult(template));
        var window = (int)Math.Min(thinker.Card.ContextLength, turn.Process.Budget.Allocated);
        var estimate = await thinker.Replica.EstimateAsync(template);
        var room = window - estimate.PromptTokens;
        if (room < 1)
        {
            throw LlmosException.InvalidArgument(
                $"The conversation takes {estimate.PromptTokens} tokens, and the window of {thinker.Card.Name} has {window}: shorten it, or use a model with a longer window.", Conversation);
        }

        var outcome = new TurnOutcome { Model = thinker.Card.Name, WindowLength = thinker.Card.ContextLength };
        var longest = Math.Min(template.MaxTokens, room);
        var needed = Math.Min(estimate.Cost + Math.Min(longest, AgentProgram.LeastAnswer), turn.Process.Budget.Allocated);
        var left = await turn.AwaitBudgetAsync(needed, cancellationToken);
        if (left < needed)
        {
            return outcome with { Exit = ExitReason.LimitReached($"{left} of its budget of {turn.Process.Budget.Allocated} tokens are left, and its answer needs {needed}") };
        }

        var answer = new AgentAnswer();
        var request = template with { MaxTokens = (int)Math.Min(longest, Math.Max(left - estimate.Cost, 1)) };
        outcome = await AgentProgram.ThinkAsync(turn, thinker, script: null, answer, request, estimate.Cost, outcome, cancellationToken);
        return outcome with { Outgoing = [Responses.To(turn.Message, answer.Text, answer.Headers())], Exit = ExitReason.Done("its request is answered") };
    }
}
