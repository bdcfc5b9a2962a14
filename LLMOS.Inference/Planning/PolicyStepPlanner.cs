using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Planning;

/// <summary>
/// Plans steps by a policy: who waits takes the place of whom, decode tokens first, prefill in chunks from what is left. A step costs time that
/// is linear in the sequences, and no allocation once its buffers have grown.
/// </summary>
/// <remarks>It remembers nothing from one step to the next, but it reuses its buffers: one thread at a time.</remarks>
public sealed class PolicyStepPlanner : IStepPlanner
{
    private readonly ISchedulingPolicy _policy;
    private readonly PlannerOptions _options;
    private readonly StepDraft _draft = new();
    private readonly ResidencyPlanner _residency;
    private readonly AdapterSetPlanner _sets;
    private readonly TokenPlanner _tokens;

    /// <exception cref="ArgumentOutOfRangeException">A figure of the options is less than 1.</exception>
    public PolicyStepPlanner(ISchedulingPolicy policy, PlannerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy = policy;
        _options = options ?? new PlannerOptions();
        _options.Validate();
        _residency = new ResidencyPlanner(_draft, _options);
        _sets = new AdapterSetPlanner(_draft, _options);
        _tokens = new TokenPlanner(_draft, policy.LeftOverTier);
    }

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Clear();
        if (sequences.IsEmpty)
            return;
        _draft.Reset(sequences.Length);
        var backlog = Backlog.Of(sequences, limits, _options);
        Place(sequences, limits, backlog);
        if (_draft.CandidateCount > 0)
            _residency.Plan(sequences, limits, _policy.IsPreemptive, plan);
        if (backlog.Sets > 1)
            _sets.Plan(sequences, limits);
        _tokens.Plan(sequences, limits, plan);
    }

    private void Place(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, in Backlog backlog)
    {
        var room = new ReservedRoom(sequences, limits);
        for (var i = 0; i < sequences.Length; i++)
        {
            ref readonly var sequence = ref sequences[i];
            if (sequence.Phase == SequencePhase.Idle || !sequence.Runnable)
            {
                AddUnused(sequence, i);
                continue;
            }
            var ranked = new RankedSequence(_policy.Place(sequence, backlog, room.TryTake(sequence)), sequence.Arrival, i);
            if (sequence.Phase == SequencePhase.Waiting)
            {
                _draft.AddCandidate(ranked, sequence);
                if (sequence.Residency == Residency.Resident)
                    _draft.Victims.Add(new Victim(VictimKind.Waiting, ranked, VictimCandidate.Of(sequence), sequence.HeldCells));
                continue;
            }
            if (_policy.IsPreemptive)
                _draft.Victims.Add(new Victim(VictimKind.Running, ranked, VictimCandidate.Of(sequence), sequence.ReservedCells));
            if (sequence.PendingTokens == 0)
                continue;
            if (sequence.Phase == SequencePhase.Decode)
                _draft.Decodes.Add(ranked);
            else
                _draft.Prefills.Add(ranked);
        }
    }

    /// <summary>A sequence that wants no tokens now. A policy that interrupts nobody leaves a slow reader's sequence alone as well.</summary>
    private void AddUnused(in SequenceState sequence, int index)
    {
        if (sequence.Residency != Residency.Resident)
            return;
        var running = sequence.Phase is SequencePhase.Prefill or SequencePhase.Decode;
        if (running && !_policy.IsPreemptive)
            return;
        var ranked = new RankedSequence(default, sequence.Arrival, index);
        _draft.Victims.Add(sequence.Phase == SequencePhase.Idle
            ? new Victim(VictimKind.Unused, ranked, VictimCandidate.Of(sequence), sequence.HeldCells)
            : new Victim(VictimKind.Paused, ranked, VictimCandidate.Of(sequence), running ? sequence.ReservedCells : sequence.HeldCells));
    }
}
