using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Agents;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.SystemInterface.Acting;

/// <summary>
/// An agent that acts: of a request it makes the syscalls that it asks for, by its model under the syscalls' grammar, carries them out through the
/// dispatcher as the process, with the process's rights, and answers what came of them. What asks for no syscall is answered as by any agent.
/// </summary>
public sealed class ActorProgram(AgentProgram agent) : IProcessProgram
{
    /// <summary>Syscalls of one turn; further ones are answered and not made.</summary>
    public const int MostCalls = 16;

    // Characters: all results of a turn fit into what its journal reads again.
    private const int LongestResult = 3_000;

    private const int MostTokens = 400;

    // The numbers of the turn's effects in its context, as an agent's turns have them.
    private const int HeardEntry = 1_000;
    private const int SaidEntry = 1_001;

    public string Name => ProcessPrograms.Actor;

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        if (turn.Message.MessageType != VmpMessageType.Request || turn.Process.Group.Length > 0
            || turn.Message.Payload.Length > SyscallPrompt.LongestSentence || turn.Message.Headers.ContainsKey(TurnHeaders.Results))
        {
            return await agent.RunAsync(turn, cancellationToken);
        }

        // What is called here is the kernel's doing, but for the syscalls themselves.
        CallerContext.Claim = null;
        var journal = await ActionJournal.OpenAsync(turn);
        var outcome = TurnOutcome.Nothing;
        if (journal.Plan is not { } calls)
        {
            (calls, outcome) = await ThinkAsync(turn, cancellationToken);
            if (outcome.Exit is not null)
            {
                return outcome;
            }

            await journal.WritePlanAsync(calls);
        }

        return calls.IsEmpty
            ? (await agent.RunAsync(new SecondThought(turn, outcome.PromptTokens + outcome.CompletionTokens), cancellationToken)).After(outcome)
            : await ActAsync(turn, journal, calls, outcome, cancellationToken);
    }

    public Task OnStartedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => agent.OnStartedAsync(process, spec, grains);

    public Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => agent.OnStoppedAsync(process, spec, grains);

    public Task<bool> OnPriorityChangedAsync(ProcessControlBlock process, string model, ProcessPriority priority, IGrainFactory grains) =>
        agent.OnPriorityChangedAsync(process, model, priority, grains);

    public Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) => agent.PrepareModelAsync(process, model, grains);

    public Task ReleaseModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) => agent.ReleaseModelAsync(process, model, grains);

    /// <summary>Has the model say which syscalls the message asks for.</summary>
    private static async Task<(ImmutableArray<SyscallCall> Calls, TurnOutcome Outcome)> ThinkAsync(ITurn turn, CancellationToken cancellationToken)
    {
        var sentence = turn.Message.Payload;
        var thought = await Thought.ThinkAsync(
            turn,
            [new PromptMessage(PromptRole.System, SyscallPrompt.System), new PromptMessage(PromptRole.User, SyscallPrompt.Normalise(sentence))],
            new SamplingOptions { Temperature = 0, Grammar = SyscallGrammar.For(sentence) },
            MostTokens,
            cancellationToken);
        if (thought.IsCut)
        {
            throw new LlmosException(
                LlmosErrorCode.ResourceExhausted,
                $"What {turn.Process.Name} is asked for takes more than the {thought.MaxTokens} tokens that it has to say it: ask for less at once, or raise its budget.");
        }

        return (thought.Outcome.Exit is null ? SyscallParser.Parse(thought.Text, sentence).Calls : [], thought.Outcome);
    }

    private static async Task<TurnOutcome> ActAsync(
        ITurn turn, ActionJournal journal, ImmutableArray<SyscallCall> calls, TurnOutcome outcome, CancellationToken cancellationToken)
    {
        var results = new List<string>();
        for (var i = 0; i < Math.Min(calls.Length, MostCalls); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = journal.ResultOf(i);
            if (result is null)
            {
                await journal.BeginAsync(i, calls[i]);
                result = Shortened(await CallAsync(turn, calls[i], cancellationToken));
                await journal.EndAsync(i, result);
            }
            else if (result.Length == 0)
            {
                result = $"{calls[i]}: it was begun before a crash, and whether it was done is not known; it is not made again.";
                await journal.EndAsync(i, result);
            }

            results.Add(result);
            turn.Show((i == 0 ? "" : "\n") + result, 0);
        }

        if (calls.Length > MostCalls)
        {
            results.Add(string.Create(CultureInfo.InvariantCulture, $"{calls.Length - MostCalls} further calls were not made: a turn makes at most {MostCalls}."));
        }

        var text = string.Join('\n', results);
        await RememberAsync(turn, text);
        return outcome with { Outgoing = [Responses.To(turn.Message, text)] };
    }

    /// <summary>Makes a call as the process: what it may not do is refused, and that is the result.</summary>
    private static async Task<string> CallAsync(ITurn turn, SyscallCall call, CancellationToken cancellationToken)
    {
        CallerContext.Claim = Caller.Of(turn.Process);
        try
        {
            var text = SyscallSentence.Of(await CompleteAsync(
                call, () => turn.Grains.GetGrain<ISyscallGrain>(0).CallAsync(new SyscallRequest { Call = call }), cancellationToken));
            return $"{call.Name}:{(text.Contains('\n', StringComparison.Ordinal) ? '\n' : ' ')}{text}";
        }
        catch (LlmosException refusal)
        {
            return refusal.Message;
        }
        finally
        {
            CallerContext.Claim = null;
        }
    }

    /// <summary>Makes a call to its end: one wait of the dispatcher is short, and that of an agent lasts as long as its turn may.</summary>
    internal static async Task<SyscallResult> CompleteAsync(SyscallCall call, Func<Task<SyscallResult>> make, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await make().WaitAsync(cancellationToken);
            if (call.Name != "wait" || result is not ProcessResult { Process.State: not ProcessState.Terminated })
            {
                return result;
            }
        }
    }

    /// <summary>A result goes into the journal and the context, neither of which is the place for whole files.</summary>
    private static string Shortened(string result) => result.Length <= LongestResult
        ? result
        : string.Create(CultureInfo.InvariantCulture, $"{result[..LongestResult]}… ({result.Length - LongestResult} characters more)");

    /// <summary>What was asked and done is the process's context, as if it had been said.</summary>
    private static async Task RememberAsync(ITurn turn, string text)
    {
        var message = turn.Message;
        await turn.Grains.GetGrain<IContextRegionGrain>(turn.Process.Context.Region).AppendAllAsync(
            [
                new ContextEntry(
                    IdOf(HeardEntry), message.From, string.Create(CultureInfo.InvariantCulture, $"process {message.From}"), message.Payload, TokenEstimate.Of(message.Payload), message.Timestamp),
                new ContextEntry(IdOf(SaidEntry), turn.Process.Pid, turn.Process.Name, text, TokenEstimate.Of(text), turn.Now),
            ],
            ContextRegionGrain.OwnerOf(turn.Process.Pid));

        Guid IdOf(int entry) => MessageIds.Derive(message.MessageId, turn.Process.Pid, entry);
    }
}
