using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Kernel.Processes;

// What a program sees of its turn.
public sealed partial class ProcessGrain
{
    private sealed class Turn(ProcessGrain grain, VmpMessage message, TurnScript? script) : ITurn
    {
        private int _questions;

        public ProcessControlBlock Process => grain.Pcb;

        public ProcessSpec Spec => grain.Spec;

        public VmpMessage Message => message;

        public ImmutableArray<ContextEntry>? History => grain.IsRequest(message.MessageId) ? grain._history : null;

        public TurnScript? Script => script;

        // By the number of the turn: it stays the same until the turn is committed, and the same seed tells the same
        // story in another run, whose messages have other ids.
        public ulong Seed { get; } = TurnSeed.Derive(
            grain.Record.Seed, MessageIds.OfName(string.Create(CultureInfo.InvariantCulture, $"turn/{grain.Pcb.Turns}")));

        public IGrainFactory Grains => grain.GrainFactory;

        public DateTimeOffset Now => grain._time.GetUtcNow();

        public ProcessPriority Priority => grain.EffectivePriority;

        public async Task<long> AwaitBudgetAsync(long needed, CancellationToken cancellationToken)
        {
            // The accounts are the kernel's: the program asks for budget, not for what is in the ledger.
            CallerContext.Claim = null;
            var left = await AwaitSliceAsync(needed, cancellationToken);
            if (left < needed)
            {
                KernelMetrics.RefusedBudget(BudgetLimit.Process);
                return left;
            }

            return await grain.AwaitLeaseAsync(message, needed, left, cancellationToken);
        }

        private async Task<long> AwaitSliceAsync(long needed, CancellationToken cancellationToken)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                grain.AdvanceSlice();
                var budget = grain.Pcb.Budget;
                var life = grain.TokensToLive;
                if (budget.Remaining >= needed || Spec.HardCap || life < needed)
                {
                    grain.SetState(ProcessState.Running);
                    return Math.Min(budget.Remaining, life);
                }

                grain.SetState(ProcessState.Blocked, BlockReason.Budget);
                KernelMetrics.WaitedForBudget();
                var left = grain.Record.SliceStartedAt + Spec.BudgetSlice - grain._time.GetUtcNow();
                grain._outputs.Add(ProcessOutputKind.StateChanged, message.MessageId,
                    $"{budget.Remaining} of its {budget.Allocated} tokens are left and it needs {needed}; the next slice begins in {Math.Ceiling(left.TotalSeconds):0} s");
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, grain._time, cancellationToken);
            }
        }

        public async Task<VmpMessage> AskAsync(long pid, string text, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            // Waiting is the kernel's.
            CallerContext.Claim = null;
            var question = new OutgoingMessage { To = pid, Payload = text, Deadline = Now + timeout };
            return await grain.AskAsync(message, _questions++, question, cancellationToken);
        }

        public void BeginThinking()
        {
            grain._toldPriority = grain.EffectivePriority;
            grain.SetState(ProcessState.Thinking);
        }

        public void EndThinking()
        {
            grain._toldPriority = null;
            grain.SetState(ProcessState.Running);
        }

        public void Spend(long tokens) => grain._attemptTokens += tokens;

        public void Show(string text, int tokens) => grain.ShowText(message.MessageId, text, tokens);
    }
}
