using System.Diagnostics;
using LLMOS.Inference.KvCache;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>
/// Moves the KV of sequences between the context, host memory and disk. Only the tail that no other sequence has is saved; what does not come back is computed again, with a reason
/// that is counted. Belongs to the owner thread.
/// </summary>
internal sealed class SequenceSwapper(KvMemory memory, StateStore store, SwapCost cost, EngineCounters counters, IReadOnlyList<Sequence> sequences)
{
    private StoredState? _restoring;

    private ResidencyCounters Counters => counters.Residency;

    /// <summary>Takes up what the disk has done since, between two steps.</summary>
    public void TakeDiskResults()
    {
        store.WriteFailed ??= OnWriteFailed;
        store.TakeResults();
    }

    /// <summary>Takes a sequence's cells and id; its tokens stay known, so that it can be brought back.</summary>
    public void SwapOut(Sequence sequence, Residency to)
    {
        if (sequence.Residency != Residency.Resident)
            return;
        var (cached, start) = (sequence.Cached, memory.SharedLength(sequence));
        var saved = to == Residency.Swapped && cached > start && cost.Saves && !sequence.IsRetained ? Save(sequence, start, cached) : null;
        memory.Close(sequence);
        sequence.Saved = saved;
        sequence.IsAdmitted = false;
        if (saved is not null)
        {
            sequence.History.SwapsOut++;
            sequence.History.SwappedBytes += saved.Bytes;
            counters.SwapOut();
            Counters.Save(saved.Bytes);
        }
        else
        {
            sequence.History.Evicted = cached;
            sequence.History.Evictions++;
            counters.Evict();
        }
        if (sequence.Current is null && saved is null)
            sequence.Tokens.Clear();
    }

    /// <summary>
    /// Makes the sequence of a waiting request resident with what is left of its KV that serves it. False when no native id is free, or when its saved KV has to be read first, which is begun.
    /// </summary>
    public bool SwapIn(Sequence sequence)
    {
        var wasResident = sequence.Residency == Residency.Resident;
        if (!wasResident && sequence.Saved is { IsAway: true } away && WantsRead(sequence, away) && !store.IsAtHand(away))
            return false;
        if (!memory.Open(sequence))
            return false;
        if (wasResident)
        {
            memory.Keep(sequence, sequence.TokenSpan[..sequence.Cached].CommonPrefixLength(sequence.Needed));
            sequence.History.Evicted = 0;
            return true;
        }
        var lost = sequence.History.Evicted;
        sequence.History.Evicted = 0;
        if (sequence.Saved is { } saved)
        {
            sequence.Saved = null; // From here on it has what is in its cells alone.
            _restoring = saved;
            var common = sequence.TokenSpan[..saved.End].CommonPrefixLength(sequence.Needed);
            if (!Restore(sequence, saved, common))
                lost = common;
            Interrupt();
        }
        else if (lost == 0)
        {
            return true;
        }
        sequence.History.Faults++;
        Counters.Fault(Math.Clamp(lost - sequence.Cached, 0, sequence.Needed.Length));
        return true;
    }

    /// <summary>Gives up what is being restored; also when native code broke off in the middle of that.</summary>
    public void Interrupt()
    {
        if (_restoring is { } saved)
            store.Release(saved);
        _restoring = null;
    }

    /// <summary>Gives up what a sequence has outside of the context.</summary>
    public void Drop(Sequence sequence)
    {
        if (sequence.Saved is not { } saved)
            return;
        sequence.Saved = null;
        store.Release(saved);
    }

    /// <summary>
    /// The sequence that is to lose its place in the context first; null when no one can. Whoever has no cells of its own gives nothing back, unless it wants more.
    /// </summary>
    public Sequence? Victim(Predicate<Sequence> mayGo) =>
        First(candidate => candidate.Id != Sequence.NoId && (candidate.OwnCells > 0 || candidate.IsAdmitted) && mayGo(candidate));

    /// <summary>The sequence that is to lose its native id first.</summary>
    public Sequence? VictimForId(Predicate<Sequence> mayGo) => First(candidate => candidate.Id != Sequence.NoId && mayGo(candidate));

    private static VictimCandidate Rank(Sequence sequence) => new()
    {
        IsRetained = sequence.IsRetained,
        Class = sequence.History.Class,
        Priority = sequence.History.Priority,
        NextUse = sequence.Current is null ? sequence.History.NextUse : TimeSpan.Zero,
        LastServedStep = sequence.Service.LastServedStep,
    };

    private static bool GoesBefore(Sequence x, Sequence y) => VictimOrder.Instance.Compare(Rank(x), Rank(y)) < 0;

    private Sequence? First(Predicate<Sequence> isCandidate)
    {
        Sequence? first = null;
        foreach (var sequence in sequences)
        {
            if (isCandidate(sequence) && (first is null || GoesBefore(sequence, first)))
                first = sequence;
        }
        return first;
    }

    private StoredState? Save(Sequence sequence, int start, int end)
    {
        try
        {
            if (end - start > store.Largest)
                throw new StateException(SwapFallback.NoRoom, $"The KV of {end - start} tokens is larger than what may be saved, {store.Largest} cells' worth: raise HostCells or DiskCells.");
            if (memory.Save(sequence, start) is not { } state)
                throw new StateException(SwapFallback.Refused, $"llama.cpp did not give the KV of {end - start} tokens: its log says why.");
            MakeHostRoom(sequence, end - start);
            return Keep(start, end, state);
        }
        catch (StateException exception)
        {
            FallBack(exception);
            return null;
        }
    }

    /// <summary>Keeps a state in host memory, or on disk when it is larger than all of that.</summary>
    private StoredState Keep(int start, int end, byte[] state)
    {
        if (end - start <= store.HostCells)
            return store.Keep(start, end, state);
        var stored = store.Overdraw(start, end, state);
        try
        {
            MakeDiskRoom(null, stored.Cells);
            store.Spill(stored);
            Counters.Spill();
            return stored;
        }
        catch (StateException)
        {
            store.Release(stored);
            throw;
        }
    }

    /// <summary>Moves saved KV from host memory to disk, or gives it up, until there is room for a newcomer.</summary>
    /// <exception cref="StateException">What is there is worth more than the newcomer.</exception>
    private void MakeHostRoom(Sequence newcomer, int cells)
    {
        while (cells <= store.HostCells && store.FreeHostCells < cells)
        {
            var victim = First(candidate => candidate.Saved is { Tier: StateTier.Host, Cells: > 0 })!;
            if (TrySpill(victim))
                continue;
            if (GoesBefore(newcomer, victim))
                throw new StateException(SwapFallback.NoRoom, $"Host memory and disk are full of KV that is worth more than that of {cells} tokens of priority {newcomer.History.Priority}: raise HostCells or DiskCells.");
            GiveUp(victim);
        }
    }

    private bool TrySpill(Sequence victim)
    {
        var saved = victim.Saved!;
        try
        {
            if (store.DiskCells < saved.Cells)
                return false;
            MakeDiskRoom(victim, saved.Cells);
            store.Spill(saved);
            Counters.Spill();
            return true;
        }
        catch (StateException exception)
        {
            if (exception.Reason != SwapFallback.NoRoom)
                FallBack(exception);
            return false;
        }
    }

    private void MakeDiskRoom(Sequence? newcomer, int cells)
    {
        while (store.FreeDiskCells < cells)
        {
            var victim = First(candidate => candidate.Saved is { Tier: StateTier.Disk });
            if (victim is null || (newcomer is not null && GoesBefore(newcomer, victim)))
                throw new StateException(SwapFallback.NoRoom, $"There is no room for {cells} cells' worth of KV on disk: raise DiskCells.");
            GiveUp(victim);
        }
    }

    private void GiveUp(Sequence victim)
    {
        Counters.FallBack(SwapFallback.NoRoom, problem: null);
        BecomeCold(victim);
    }

    /// <summary>What was saved of a sequence is gone; its tokens stay known if it has a request.</summary>
    private void BecomeCold(Sequence sequence)
    {
        sequence.History.Evicted = sequence.Cached;
        sequence.History.Evictions++;
        counters.Evict();
        Drop(sequence);
        if (sequence.Current is null)
            sequence.Tokens.Clear();
    }

    /// <summary>Whether a file is worth being read for what its sequence's request can use of it.</summary>
    private bool WantsRead(Sequence sequence, StoredState saved)
    {
        if (saved.IsReading)
            return true;
        var common = sequence.TokenSpan[..saved.End].CommonPrefixLength(sequence.Needed);
        var shared = memory.Index.Match(sequence, sequence.Needed).Length;
        return shared >= saved.Start && common > Math.Max(shared, saved.Start) && cost.PrefersRestore(StateTier.Disk, saved.Bytes, common - Math.Max(shared, saved.Start));
    }

    private void OnWriteFailed(StoredState stored, StateException problem, bool isLost)
    {
        FallBack(problem);
        if (!isLost)
            return;
        foreach (var sequence in sequences)
        {
            if (sequence.Saved == stored)
                BecomeCold(sequence);
        }
    }

    /// <summary>Brings saved KV back as far as the request can use it. False when what it could use is computed again.</summary>
    private bool Restore(Sequence sequence, StoredState saved, int common)
    {
        try
        {
            var (prefix, shared) = memory.Index.Match(sequence, sequence.Needed);
            if (common <= saved.Start || common <= shared)
                return true; // What the others have is all that it can use.
            if (shared < saved.Start)
                throw new StateException(SwapFallback.PrefixGone, $"The first {saved.Start} tokens of a swapped sequence are not in the cache any more, only {shared}: they are computed again.");
            var gained = common - Math.Max(shared, saved.Start);
            // What is on disk has been read by now, or was not worth it.
            var isRead = saved.Tier == StateTier.Disk && saved.File is not null;
            if (isRead ? saved.IsAway : !cost.PrefersRestore(StateTier.Host, saved.Bytes, gained))
            {
                Counters.FallBack(SwapFallback.Cheaper, problem: null);
                return false;
            }
            var began = Stopwatch.GetTimestamp();
            if (!memory.Restore(sequence, prefix, saved.Start, saved.End, StateStore.Read(saved).Span))
                throw new StateException(SwapFallback.Refused, $"llama.cpp did not take {saved.Bytes} bytes of KV back: its log says why.");
            cost.Restored(isRead ? StateTier.Disk : StateTier.Host, saved.Bytes, Stopwatch.GetElapsedTime(began) + saved.ReadTook);
            memory.Keep(sequence, common);
            sequence.History.SwapsIn++;
            sequence.History.SwappedBytes += saved.Bytes;
            counters.SwapIn();
            Counters.Restore(saved.Bytes);
            return true;
        }
        catch (StateException exception)
        {
            FallBack(exception);
            return false;
        }
    }

    private void FallBack(StateException exception) => Counters.FallBack(exception.Reason, exception.Message);
}
