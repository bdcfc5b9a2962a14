using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.SystemInterface.Acting;

/// <summary>A turn that has thought once already: what that took is not there to be spent again.</summary>
internal sealed class SecondThought(ITurn turn, long spent) : ITurn
{
    public ProcessControlBlock Process => turn.Process;

    public ProcessSpec Spec => turn.Spec;

    public VmpMessage Message => turn.Message;

    public ImmutableArray<ContextEntry>? History => turn.History;

    public ProcessPriority Priority => turn.Priority;

    public ulong Seed => turn.Seed;

    public TurnScript? Script => turn.Script;

    public IGrainFactory Grains => turn.Grains;

    public DateTimeOffset Now => turn.Now;

    public async Task<long> AwaitBudgetAsync(long needed, CancellationToken cancellationToken)
    {
        // Where no slice has room for both, the second thought waits for one of its own and the first is what that is over.
        var before = needed + spent <= Process.Budget.Allocated ? spent : 0;
        return await turn.AwaitBudgetAsync(needed + before, cancellationToken) - before;
    }

    public Task<VmpMessage> AskAsync(long pid, string text, TimeSpan? timeout, CancellationToken cancellationToken) =>
        turn.AskAsync(pid, text, timeout, cancellationToken);

    public void BeginThinking() => turn.BeginThinking();

    public void EndThinking() => turn.EndThinking();

    public void Spend(long tokens) => turn.Spend(tokens);

    public void Show(string text, int tokens) => turn.Show(text, tokens);
}
