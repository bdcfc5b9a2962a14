using System.Runtime.InteropServices;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>The tokens of one owner, and where their KV is. Belongs to the owner thread.</summary>
internal sealed class Sequence(string? key)
{
    public const int NoId = -1;

    /// <summary>Null for a sequence that ends with its request.</summary>
    public string? Key { get; } = key;

    /// <summary>The native sequence id while it is resident.</summary>
    public int Id { get; set; } = NoId;

    /// <summary>All tokens: the prompt and what was sampled. The KV of the first <see cref="Cached"/> of them exists.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>Tokens whose KV is in the context or, when swapped, in <see cref="HostState"/>.</summary>
    public int Cached { get; set; }

    /// <summary>The saved KV of a swapped sequence.</summary>
    public byte[]? HostState { get; set; }

    /// <summary>The request it works on or waits with.</summary>
    public Generation? Current { get; set; }

    /// <summary>Whether <see cref="Current"/> has its reservation.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Requests that came while another of the same key was there.</summary>
    public Queue<Generation> Next { get; } = new();

    /// <summary>What it was served, for the step planner.</summary>
    public ServiceAccount Service { get; } = new();

    /// <summary>The process tree that its service counts for; null for none but itself.</summary>
    public string? Tree { get; set; }

    public ReadOnlySpan<int> History => CollectionsMarshal.AsSpan(Tokens);

    public Residency Residency => Id != NoId ? Residency.Resident : HostState is not null ? Residency.Swapped : Residency.Cold;

    /// <summary>Tokens of the prompt, or of what was there before it was preempted, that the present KV can serve.</summary>
    public int CommonPrefix(ReadOnlySpan<int> prompt)
    {
        var limit = Math.Min(Cached, prompt.Length - 1); // The last token is computed for its logits.
        return History[..limit].CommonPrefixLength(prompt[..limit]);
    }
}
