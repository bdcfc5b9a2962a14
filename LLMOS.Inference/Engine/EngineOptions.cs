using LLMOS.Inference.Engine;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference;

/// <summary>The size and manners of an engine.</summary>
public sealed record EngineOptions
{
    /// <summary>llama.cpp's bound on native sequences.</summary>
    public const int SequenceLimit = 256;

    /// <summary>The default of <see cref="MinimumSharedTokens"/>: less than a step's worth of prefill is not worth waiting for, and the head of a chat template is not worth a copy.</summary>
    public const int DefaultMinimumSharedTokens = 32;

    /// <summary>Sequences where each sets memory aside and nothing else was said.</summary>
    public const int FewSequences = 16;

    private const int CellGranularity = 256;
    private const int MostSharedCells = 8192;
    private const int MostOwnCells = 2048;

    /// <summary>
    /// KV cells of the context, for all sequences together; rounded up to a multiple of 256, for each sequence where each has its own. 0: the model's context length, at most 8192, or for each
    /// of its own at most 2048.
    /// </summary>
    public int ContextCells { get; init; }

    /// <summary>Whether the sequences share one cache.</summary>
    public KvLayout KvLayout { get; init; }

    /// <summary>Most tokens in a step, which is one decode.</summary>
    public int StepTokens { get; init; } = 512;

    /// <summary>Most prefill tokens in a step that also decodes: smaller makes streams smoother and prompts slower. Streams that began a few tokens ago wait for prompts that came with them.</summary>
    public int PrefillTokensBesideDecode { get; init; } = 128;

    /// <summary>How long prompts of IDLE requests may take in a step, by what prefill was measured to take and 32 tokens at least: so long a REALTIME request that comes may have to wait for them. It holds for a minute after one came.</summary>
    public TimeSpan IdlePrefillTime { get; init; } = LeftOverRule.DefaultPrefillTime;

    /// <summary>Whether tokens that a grammar leaves no choice about are taken without sampling, several in a step. It changes no token.</summary>
    public bool ForcedTokens { get; init; } = true;

    /// <summary>
    /// Most tokens that are guessed for a sequence and computed in one step, to be kept as far as the sampler says the same; 0 to guess nothing. It changes no token; models whose memory cannot be cut back never guess.
    /// </summary>
    public int DraftTokens { get; init; } = 16;

    /// <summary>Most sequences whose KV is in the context at once. 0: 256, or 16 for recurrent models and for caches per sequence, which set memory aside for each.</summary>
    public int MaxSequences { get; init; }

    /// <summary>Compute threads; 0 for the count that a short measurement finds the best when the model is first used, see <see cref="LlamaCppEngine.Threads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Tokens that wait for a slow reader before its sequence pauses.</summary>
    public int OutputCapacity { get; init; } = 128;

    /// <summary>Cells' worth of host memory for sequences that are swapped out; without it, and without <see cref="DiskCells"/>, they are dropped and prefilled again.</summary>
    public int HostCells { get; init; }

    /// <summary>Cells' worth of disk for sequences that host memory has no room for; it needs a <see cref="SpillFolder"/>.</summary>
    public int DiskCells { get; init; }

    /// <summary>The folder below which spill files are kept while the engine lives; null for none. Engines may share it.</summary>
    public string? SpillFolder { get; init; }

    /// <summary>How sequences that were swapped out come back.</summary>
    public SwapInChoice SwapInChoice { get; init; }

    /// <summary>Least tokens of a beginning that are worth taking from another sequence or waiting for; 0 to share nothing but by forks.</summary>
    public int MinimumSharedTokens { get; init; } = DefaultMinimumSharedTokens;

    /// <summary>Most sequences without an owner that are kept for requests to come of their security domain.</summary>
    public int RetainedPrefixes { get; init; } = 16;

    /// <summary>Most tokens that are embedded at once; a longer text is embedded in chunks. It sizes the embedding context, which is made on first use.</summary>
    public int EmbeddingTokens { get; init; } = 512;

    /// <summary>Most tokens of a text that is embedded in chunks.</summary>
    public int LongestText { get; init; } = 1 << 17;

    /// <summary>How token embeddings become one of a text; null for the model's own way, else the mean.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>The scheduling policy by its name, one of <see cref="StepPlanners.Names"/>.</summary>
    public string Policy { get; init; } = StepPlanners.Default;

    /// <summary>Tokens that a sequence may generate before an equal one that waits takes its place in the context.</summary>
    public int Quantum { get; init; } = new PlannerOptions().Quantum;

    /// <summary>Steps of waiting that raise the effective priority by one level, at least.</summary>
    public int AgingSteps { get; init; } = new PlannerOptions().AgingSteps;

    /// <summary>Steps in a window of reservations.</summary>
    public int ReservationWindow { get; init; } = 64;

    /// <summary>Weighted tokens (prefill 1, decode 2) in each window that a REALTIME request is served before all others when it says nothing else.</summary>
    public int RealtimeReservation { get; init; } = 512;

    /// <summary>
    /// Most restarts within a minute after native code gave up or a decode failed; one more ends the engine. 0 to end it at once. A request that breaks it down each time costs two: one that
    /// takes others along, and one that shows it alone.
    /// </summary>
    public int MaxRestarts { get; init; } = 4;

    /// <summary>Decides what each step does, instead of a policy by name.</summary>
    public IStepPlanner? Planner { get; init; }

    /// <summary>Whether attention is computed in F32 throughout, slower and with twice the memory: for comparing numbers, not for serving.</summary>
    internal bool FullPrecisionAttention { get; init; }

    internal NativeFaults? Faults { get; init; }

    /// <summary>Whether llama.cpp starts and ends its threads with each decode, as it does when left alone: for comparing.</summary>
    internal bool ThreadsWithoutPool { get; init; }

    internal int ComputeThreads => Threads > 0 ? Threads : ThreadChoice.Default;

    /// <summary>What one more token costs in a step, as a share of what a token costs there, instead of what is measured: for drafts that do not depend on the machine's mood.</summary>
    internal double? DraftCost { get; init; }

    /// <summary>The cells that a context of so many gets with a layout: each cache has a multiple of 256.</summary>
    /// <param name="cells">All that were asked for.</param>
    /// <param name="layout">Whether the sequences share one cache.</param>
    /// <param name="sequences">Most sequences at once; 0 for the default.</param>
    public static int RoundedCells(int cells, KvLayout layout, int sequences)
    {
        var caches = layout == KvLayout.Unified ? 1 : sequences > 0 ? sequences : FewSequences;
        return caches * Rounded(Rounded(cells) / caches);

        static int Rounded(int count) => (Math.Max(count, 1) + CellGranularity - 1) / CellGranularity * CellGranularity;
    }

    internal int SequencesFor(LlamaModel model) => MaxSequences > 0 ? MaxSequences : model.IsRecurrent || KvLayout == KvLayout.PerSequence ? FewSequences : SequenceLimit;

    internal int CellsFor(LlamaModel model)
    {
        if (ContextCells > 0)
            return ContextCells;
        var length = model.ContextLength > 0 ? model.ContextLength : 4096;
        return KvLayout == KvLayout.PerSequence ? Math.Min(length, MostOwnCells) * SequencesFor(model) : Math.Min(length, MostSharedCells);
    }

    /// <summary>Logits that a step can give: one for each sequence, and room for drafts where there are few.</summary>
    internal int OutputsFor(LlamaModel model) => DraftTokens > 0 && model.CanShareParts ? Math.Max(SequencesFor(model), Math.Min(StepTokens, 64)) : SequencesFor(model);

    internal PlannerOptions ToPlannerOptions() => new() { Quantum = Quantum, AgingSteps = AgingSteps };

    /// <exception cref="LlamaException">A value is out of its range.</exception>
    internal void Validate()
    {
        Require(ContextCells is >= 0 and <= 1 << 24, nameof(ContextCells), ContextCells, "0 to 16777216");
        if (!Enum.IsDefined(KvLayout))
            throw new LlamaException(LlamaError.InvalidRequest, $"The engine option KvLayout is {KvLayout}: it must be one of {string.Join(", ", Enum.GetNames<KvLayout>())}.");
        Require(StepTokens is > 0 and <= 1 << 16, nameof(StepTokens), StepTokens, "1 to 65536");
        Require(PrefillTokensBesideDecode > 0, nameof(PrefillTokensBesideDecode), PrefillTokensBesideDecode, "1 or more");
        if (IdlePrefillTime < TimeSpan.Zero)
            throw new LlamaException(LlamaError.InvalidRequest, $"The engine option IdlePrefillTime is {IdlePrefillTime}: it must be 0 or more.");
        Require(DraftTokens is >= 0 and <= 256, nameof(DraftTokens), DraftTokens, "0 to 256");
        Require(MaxSequences is >= 0 and <= SequenceLimit, nameof(MaxSequences), MaxSequences, "0 to 256");
        Require(Threads is >= 0 and <= 512, nameof(Threads), Threads, "0 to 512");
        Require(OutputCapacity > 0, nameof(OutputCapacity), OutputCapacity, "1 or more");
        Require(MaxRestarts >= 0, nameof(MaxRestarts), MaxRestarts, "0 or more");
        Require(HostCells >= 0, nameof(HostCells), HostCells, "0 or more");
        if (StepPlanners.WhyUnknown(Policy) is { } unknown)
            throw new LlamaException(LlamaError.InvalidRequest, unknown);
        Require(Quantum > 0, nameof(Quantum), Quantum, "1 or more");
        Require(AgingSteps > 0, nameof(AgingSteps), AgingSteps, "1 or more");
        Require(ReservationWindow > 0, nameof(ReservationWindow), ReservationWindow, "1 or more");
        Require(RealtimeReservation >= 0, nameof(RealtimeReservation), RealtimeReservation, "0 or more");
        Require(DiskCells >= 0, nameof(DiskCells), DiskCells, "0 or more");
        if (DiskCells > 0 && string.IsNullOrEmpty(SpillFolder))
            throw new LlamaException(LlamaError.InvalidRequest, $"The engine option DiskCells is {DiskCells} and SpillFolder is not set: name a folder for the spill files, or ask for 0 cells.");
        Require(MinimumSharedTokens >= 0, nameof(MinimumSharedTokens), MinimumSharedTokens, "0 or more");
        Require(RetainedPrefixes >= 0, nameof(RetainedPrefixes), RetainedPrefixes, "0 or more");
        if (!Enum.IsDefined(SwapInChoice))
            throw new LlamaException(LlamaError.InvalidRequest, $"The engine option SwapInChoice is {SwapInChoice}: it must be one of {string.Join(", ", Enum.GetNames<SwapInChoice>())}.");
        Require(LongestText > 0, nameof(LongestText), LongestText, "1 or more");
        Require(EmbeddingTokens is > 0 and <= 1 << 16, nameof(EmbeddingTokens), EmbeddingTokens, "1 to 65536");
    }

    private static void Require(bool holds, string name, int value, string range)
    {
        if (!holds)
            throw new LlamaException(LlamaError.InvalidRequest, $"The engine option {name} is {value}: it must be {range}.");
    }
}
