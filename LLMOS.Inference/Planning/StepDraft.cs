namespace LLMOS.Inference.Planning;

/// <summary>What a planner works out about the sequences of a step before it plans. Reused from step to step, so that it allocates only to grow.</summary>
internal sealed class StepDraft
{
    private bool[] _leaves = [];
    private bool[] _enters = [];

    public CandidateQueue Candidates { get; } = new();

    /// <summary>Who is in the context and could be swapped out.</summary>
    public List<Victim> Victims { get; } = [];

    /// <summary>Who runs and has its next token to be decoded.</summary>
    public List<RankedSequence> Decodes { get; } = [];

    /// <summary>Who runs and has a prompt to be computed.</summary>
    public RankedHeap Prefills { get; } = new();

    public int CandidateCount { get; private set; }

    /// <summary>Candidates that have a native sequence id already.</summary>
    public int CandidatesWithId { get; private set; }

    /// <summary>The fewest cells that a candidate needs.</summary>
    public int LeastCells { get; private set; }

    /// <summary>Native sequence ids in use.</summary>
    public int Resident { get; set; }

    public bool Leaves(int index) => _leaves[index];

    public bool Enters(int index) => _enters[index];

    public void SetLeaves(int index) => _leaves[index] = true;

    public void SetEnters(int index) => _enters[index] = true;

    public void Reset(int sequences)
    {
        if (_leaves.Length < sequences)
        {
            _leaves = new bool[Math.Max(sequences, 2 * _leaves.Length)];
            _enters = new bool[_leaves.Length];
        }
        _leaves.AsSpan(0, sequences).Clear();
        _enters.AsSpan(0, sequences).Clear();
        Candidates.Clear();
        Victims.Clear();
        Decodes.Clear();
        Prefills.Clear();
        (CandidateCount, CandidatesWithId, LeastCells, Resident) = (0, 0, int.MaxValue, 0);
    }

    public void AddCandidate(in RankedSequence candidate, in SequenceState state)
    {
        Candidates.Add(candidate);
        CandidateCount++;
        CandidatesWithId += state.Residency == Residency.Resident ? 1 : 0;
        LeastCells = Math.Min(LeastCells, CellsFor(state));
    }

    /// <summary>Cells that a candidate needs beside those it holds.</summary>
    public static int CellsFor(in SequenceState state) =>
        state.ReservedCells - (state.Residency == Residency.Resident ? state.HeldCells : 0);
}
