namespace LLMOS.Inference.Engine;

/// <summary>
/// Lets sequences take what others have computed, and wait for what others are computing, so that a beginning that many have is computed once. Belongs to the owner thread.
/// </summary>
internal sealed class PrefixSharing(KvMemory memory, EngineCounters counters, int minimum)
{
    private static readonly Comparison<Sequence> LeadersFirst = (x, y) =>
    {
        var (first, second) = (x.Current!, y.Current!);
        var order = ((int)first.Class).CompareTo((int)second.Class);
        order = order != 0 ? order : first.Priority.CompareTo(second.Priority);
        return order != 0 ? order : first.Arrival.CompareTo(second.Arrival);
    };

    private readonly PrefixIndex _leaders = new();
    private readonly List<Sequence> _prefilling = [];

    private bool IsOn => minimum > 0 && memory.CanShareParts;

    /// <summary>Tokens of a request's prompt that other sequences have, if they are worth taking.</summary>
    public int Available(Sequence sequence)
    {
        if (!IsOn || sequence.Current is not { } current)
            return 0;
        if (sequence.Available.Epoch != memory.Index.Epoch || sequence.Available.Request != current)
            sequence.Available = (memory.Index.Epoch, current, memory.Index.Match(sequence, sequence.Needed).Length);
        return sequence.Available.Tokens >= minimum ? sequence.Available.Tokens : 0;
    }

    /// <summary>
    /// Goes through the sequences that compute prompts, the most important first. One that needs what a more important one is computing is held until
    /// that is done; one that is not takes what there is. Priority cannot be inverted: nobody waits for a lesser one, but takes over where that one is.
    /// </summary>
    public void Arrange(IReadOnlyList<Sequence> sequences)
    {
        if (!IsOn)
            return;
        _prefilling.Clear();
        foreach (var sequence in sequences)
        {
            if (sequence is { IsAdmitted: true, Current: not null, IsDecoding: false } && sequence.Tokens.Count - sequence.Cached > 1)
                _prefilling.Add(sequence);
            else
                sequence.IsHeld = false;
        }
        if (_prefilling.Count == 0)
            return;
        _prefilling.Sort(LeadersFirst);
        foreach (var sequence in _prefilling)
        {
            var needed = sequence.Needed;
            var had = Math.Max(sequence.Cached, Available(sequence));
            // Who has waited waits for the last token of it, too.
            var worth = sequence.IsHeld ? 1 : minimum;
            sequence.IsHeld = _leaders.Match(sequence, needed).Length - had >= worth;
            if (sequence.IsHeld)
                continue;
            if (had - sequence.Cached >= minimum)
                Take(sequence);
            if (sequence.Current!.HasRoom())
                _leaders.Set(sequence, needed);
        }
        _leaders.Clear();
    }

    /// <summary>Gives a resident sequence the longest beginning of its tokens that another has, if that is worth it. Its tokens must be its request's.</summary>
    public void Take(Sequence sequence)
    {
        if (!IsOn)
            return;
        var (owner, length) = memory.Index.Match(sequence, sequence.Needed);
        var gained = length - sequence.Cached;
        if (gained < minimum || owner == sequence || !memory.Share(owner!, sequence, length))
            return;
        sequence.Current!.TakeShared(gained);
        sequence.History.HitTokens += gained;
        sequence.History.SharedHitTokens += gained;
        counters.Admit(gained);
        counters.Residency.Share(gained);
    }
}
