using System.Runtime.InteropServices;
using LLMOS.Inference.KvCache;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>The tokens of one owner, and where their KV is. Belongs to the owner thread.</summary>
internal sealed class Sequence(string? key, PrefixScope scope, SequenceHistory history)
{
    public const int NoId = -1;

    /// <summary>Null for a sequence that ends with its request, or that is a retained prefix.</summary>
    public string? Key { get; private set; } = key;

    /// <summary>Whose KV it may use, and who may use its own.</summary>
    public PrefixScope Scope { get; set; } = scope;

    public SequenceHistory History { get; private set; } = history;

    /// <summary>The native sequence id while it is resident.</summary>
    public int Id { get; set; } = NoId;

    /// <summary>Its cells while it is resident.</summary>
    public CellHolder? Cells { get; set; }

    /// <summary>All tokens: the prompt and what was sampled. The KV of the first <see cref="Cached"/> of them exists.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>The saved KV of a swapped sequence.</summary>
    public StoredState? Saved { get; set; }

    /// <summary>Tokens whose KV is in the context or, when swapped, saved.</summary>
    public int Cached => Cells?.Count ?? Saved?.End ?? 0;

    /// <summary>Cells that would become free if it gave its own up.</summary>
    public int OwnCells => Cells?.Own ?? 0;

    /// <summary>The request it works on or waits with.</summary>
    public Generation? Current { get; set; }

    /// <summary>Whether <see cref="Current"/> has its reservation.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Whether it waits for another sequence that is computing what it needs, too.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether its logits were not numbers in a step with others, so that it must be seen alone.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Whether it is kept for its beginning alone: nobody can ask for it by name.</summary>
    public bool IsRetained => Key is null && Current is null;

    /// <summary>Requests that came while another of the same key was there.</summary>
    public Queue<Generation> Next { get; } = new();

    /// <summary>What it was served, for the step planner.</summary>
    public ServiceAccount Service { get; } = new();

    /// <summary>The number of the last slice of the device that it had; see <see cref="SliceLog"/>.</summary>
    public long Slice { get; set; } = -1;

    /// <summary>The process tree that its service counts for; null for none but itself.</summary>
    public string? Tree { get; set; }

    /// <summary>What others could serve of the present request's prompt when the index had this epoch.</summary>
    public (long Epoch, Generation? Request, int Tokens) Available { get; set; }

    /// <summary>Whether what it has to compute are tokens of its answer, for the first time.</summary>
    public bool IsDecoding => Current is { Completed: > 0 } && Cached >= Service.ComputedTokens;

    public ReadOnlySpan<int> TokenSpan => CollectionsMarshal.AsSpan(Tokens);

    public Residency Residency => Id != NoId ? Residency.Resident : Saved is not null ? Residency.Swapped : Residency.Cold;

    /// <summary>The tokens whose KV its request needs, without the last, which is computed for its logits.</summary>
    public ReadOnlySpan<int> Needed => Current is not { } current ? []
        : current.IsStarted ? TokenSpan[..^1]
        : current.Prompt.AsSpan(0, current.Prompt.Length - 1);

    /// <summary>Tokens of the prompt, or of what was there before it was preempted, that the present KV can serve.</summary>
    public int CommonPrefix(ReadOnlySpan<int> prompt)
    {
        var limit = Math.Min(Cached, prompt.Length - 1); // The last token is computed for its logits.
        return TokenSpan[..limit].CommonPrefixLength(prompt[..limit]);
    }

    /// <summary>Its owner is gone; what it has stays for others.</summary>
    public void BecomeRetained()
    {
        Key = null;
        History = new SequenceHistory();
    }
}
