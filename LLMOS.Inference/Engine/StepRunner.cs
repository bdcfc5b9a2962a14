using System.Diagnostics;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>Carries out the plan of a step: swaps, one decode, and the sampling of what it computed. Belongs to the owner thread.</summary>
internal sealed class StepRunner(LlamaModel model, DecodeContext context, SequenceTable table, EngineCounters counters, ServiceBook service, SliceLog slices, EngineOptions options, Func<bool> isStopping) : IDisposable
{
    /// <summary>A step with at least so many prefill tokens, and few others, tells what prefill costs.</summary>
    private const int TellingTokens = 16;
    private const int Decodes = 0;

    private static readonly Comparison<(Sequence Sequence, int Prefill)> ById = (x, y) => x.Sequence.Id.CompareTo(y.Sequence.Id);

    private readonly BatchBuffer _batch = new(context.StepTokens, model.VocabularySize);
    private readonly TokenEmitter _emitter = new(model, table);
    private readonly DraftPlacer _drafts = new(context, options);
    private readonly List<(Sequence Sequence, int Prefill)> _order = [];
    private readonly List<ServedSequence> _served = [];
    private readonly List<Sequence> _outgoing = [];
    private readonly List<Sequence> _poisoned = [];
    private Sequence? _moving;
    private Sequence? _sampling;
    private AdapterSet? _adapters;

    /// <summary>Whether something was done.</summary>
    public bool Run(StepPlan plan)
    {
        foreach (var swap in plan.SwapOut)
            Preempt(_moving = table.Sequences[swap.Sequence], swap.To);
        foreach (var index in plan.SwapIn)
            table.SwapIn(_moving = table.Sequences[index]);
        _moving = null;
        if (plan.SwapIn.Count > 0)
            table.Arrange();
        var prefilled = FillBatch(plan, mayDraft: true);
        if (_batch.Count == 0)
            return plan.SwapIn.Count > 0 || plan.SwapOut.Count > 0;

        var began = Stopwatch.GetTimestamp();
        counters.StepBegins();
        var result = Decode();
        while (result == 1 && (_drafts.HasDrafts || Preempt()))
        {
            prefilled = FillBatch(plan, mayDraft: false);
            result = Decode();
        }
        if (result != 0)
        {
            Recover(result);
            return true;
        }
        var took = Stopwatch.GetElapsedTime(began);
        if (prefilled >= TellingTokens && prefilled >= _batch.Count * 3 / 4)
            table.Cost.Prefilled(prefilled, took);
        _drafts.Cost.Observe(_batch.Count, took);
        CountServed(began, took);
        counters.StepEnds(took, Sample(), prefilled);
        _served.Clear();
        return true;
    }

    /// <summary>
    /// After native code broke off, and the memory was lost: those that it worked on are seen alone from now on, one after the other. Who was alone already is where it comes from, and ends.
    /// </summary>
    public void Blame(LlamaException cause)
    {
        _outgoing.Clear();
        if (_sampling is { } sampled)
        {
            // A grammar's state may be half changed: it cannot be tried again.
            sampled.IsSuspect = true;
            _outgoing.Add(sampled);
        }
        else if (_moving is { } moved)
        {
            _outgoing.Add(moved);
        }
        else
        {
            foreach (var served in _served)
                _outgoing.Add(served.Sequence);
        }
        _moving = _sampling = null;
        _served.Clear();
        _poisoned.Clear();
        foreach (var sequence in _outgoing)
        {
            if (sequence.Current is not { } generation)
                continue;
            if (sequence.IsSuspect)
                _emitter.FailBroken(sequence, generation, cause);
            else
                sequence.IsSuspect = true;
        }
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>Puts the plan's tokens into the batch and returns how many of them are prefill.</summary>
    private int FillBatch(StepPlan plan, bool mayDraft)
    {
        _batch.Clear();
        _served.Clear();
        _adapters = null;
        _drafts.Begin(plan, mayDraft && table.Suspect is null);
        _order.Clear();
        foreach (var index in plan.Decode)
            _order.Add((table.Sequences[index], Decodes));
        foreach (var chunk in plan.Prefill)
            _order.Add((table.Sequences[chunk.Sequence], chunk.Tokens));
        // llama.cpp computes caches of their own together as long as each token's is the neighbour of the one before.
        if (!table.Memory.SharesCells)
            _order.Sort(ById);
        var prefilled = 0;
        foreach (var (sequence, tokens) in _order)
        {
            if (tokens == Decodes)
                AddDecode(sequence);
            else
                prefilled += AddTokens(sequence, tokens)?.Tokens ?? 0;
        }
        return prefilled;
    }

    /// <summary>Adds the next token of an answer and, where there is room in the step, those that were forced after it and those that are guessed.</summary>
    private void AddDecode(Sequence sequence)
    {
        var spare = _drafts.Share();
        var isFirst = sequence.IsDecoding;
        if (AddTokens(sequence, 1 + (isFirst ? spare : 0)) is not { } served)
            return;
        spare -= served.Tokens - 1;
        if (isFirst && served.Output >= 0)
        {
            foreach (var token in _drafts.Guess(sequence, spare))
            {
                _batch.Add(token, sequence.Tokens.Count + served.Drafts, sequence.Id, output: true);
                served.Drafts++;
            }
        }
        _drafts.Take(served.Tokens - 1 + served.Drafts);
    }

    private ServedSequence? AddTokens(Sequence sequence, int wanted)
    {
        if (!sequence.IsAdmitted || sequence.IsHeld)
            return null;
        // A decode has one adapter set; of a plan that mixes them the first is served.
        var adapters = sequence.Current!.Adapters;
        if (_adapters is not null && _adapters != adapters)
            return null;
        var pending = sequence.Tokens.Count - sequence.Cached;
        var count = Math.Min(Math.Min(wanted, pending), context.StepTokens - _batch.Count);
        if (count <= 0)
            return null;
        var last = -1;
        for (var i = 0; i < count; i++)
        {
            var position = sequence.Cached + i;
            last = _batch.Add(sequence.Tokens[position], position, sequence.Id, output: i == pending - 1);
        }
        var served = new ServedSequence(sequence, count, sequence.IsDecoding, count == pending ? last : ServedSequence.NoOutput);
        _served.Add(served);
        _adapters = adapters;
        return served;
    }

    private int Decode()
    {
        if (context.Apply(_adapters!))
            counters.SwitchAdapters();
        return context.Decode(_batch);
    }

    private void CountServed(long began, TimeSpan took)
    {
        var switched = 0;
        foreach (var served in _served)
        {
            switched += served.Sequence.Service.LastServedStep is > 0 and var last && last == counters.Steps - 1 ? 0 : 1;
            Append(served.Sequence, served.Tokens, isNews: !served.IsDecode);
            var history = served.Sequence.History;
            history.ComputedTokens += served.IsDecode ? 0 : served.Tokens;
            history.PrefillTime += served.IsDecode ? TimeSpan.Zero : took;
            history.DecodeTime += served.IsDecode ? took : TimeSpan.Zero;
        }
        counters.Serve(_served.Count, switched);
        slices.Record(counters.Steps, began, began + (long)(took.TotalSeconds * Stopwatch.Frequency), _served);
    }

    private void Append(Sequence sequence, int tokens, bool isNews)
    {
        table.Memory.Append(sequence, tokens, isNews);
        service.Charge(sequence, sequence.Current!, tokens, counters.Steps);
    }

    private void Accept(Sequence sequence, int drafts)
    {
        sequence.Current!.CountDrafts(drafted: 0, drafts);
        Append(sequence, drafts, isNews: false);
    }

    private int Sample()
    {
        var generated = 0;
        foreach (var served in _served)
        {
            if (served.Output < 0)
                continue;
            var (sequence, generation) = (served.Sequence, served.Sequence.Current!);
            _sampling = sequence;
            if (!generation.IsCancelRequested)
                generated += Sample(served, generation);
            if (served.Drafts > 0)
                DropDrafts(sequence);
        }
        _sampling = null;
        if (_poisoned.Count > 0)
            Quarantine();
        return generated;
    }

    /// <summary>
    /// Samples from the logits behind a sequence's tokens and then, as long as what came is what was drafted, from those behind the drafts. Returns how many tokens came.
    /// </summary>
    private int Sample(ServedSequence served, Generation generation)
    {
        var sequence = served.Sequence;
        var (known, generated, accepted, forced) = (sequence.Tokens.Count, 0, 0, generation.Forced);
        generation.CountDrafts(served.Drafts, accepted: 0);
        while (true)
        {
            var completed = generation.Completed;
            if (!_emitter.Emit(sequence, generation, context.Logits(served.Output + accepted), counters.Steps))
            {
                _poisoned.Add(sequence);
                break;
            }
            var came = Math.Max(1, generation.Completed - completed); // The token that ends a text counts, too.
            generated += came;
            sequence.IsSuspect = false;
            sequence.Service.CountGenerated(came);
            sequence.History.GeneratedTokens += came;
            if (completed == 0 && generation.FirstToken != 0)
                sequence.History.Answer(generation);
            if (sequence.Current != generation)
                break;
            var right = accepted + Agreeing(served, known, accepted);
            var isNext = known + right == sequence.Tokens.Count;
            // The logits behind the last token are of no use while nobody has room for what they say: it is computed again.
            var hasRoom = isNext && generation.HasRoom();
            right -= isNext && !hasRoom ? 1 : 0;
            if (right > accepted)
                Accept(sequence, right - accepted);
            accepted = right;
            if (!hasRoom)
                break;
        }
        counters.Speculate(generation.Forced - forced, served.Drafts, accepted);
        generation.Guess?.Compare(sequence.TokenSpan);
        return generated;
    }

    /// <summary>How many further drafts are what came.</summary>
    private static int Agreeing(ServedSequence served, int known, int accepted)
    {
        var drafts = served.Drafts > 0 ? served.Sequence.Current!.Guess!.Draft : [];
        var tokens = served.Sequence.TokenSpan;
        var right = accepted;
        while (right < served.Drafts && known + right < tokens.Length && drafts[right] == tokens[known + right])
            right++;
        return right - accepted;
    }

    /// <summary>Takes the KV of drafts that were not accepted away again.</summary>
    private void DropDrafts(Sequence sequence)
    {
        if (sequence.Id != Sequence.NoId && !table.Memory.DropDrafts(sequence))
            table.Swapper.SwapOut(sequence, Residency.Cold);
    }

    /// <summary>
    /// What is not a number spreads: attention multiplies even the cells that it masks, so whoever shares the cache gets it, too. All cells are overwritten, and those whose logits it
    /// reached are computed again one at a time: who has it then is where it comes from, and ends.
    /// </summary>
    private void Quarantine()
    {
        foreach (var sequence in _poisoned)
        {
            if (sequence.IsSuspect)
                _emitter.FailNotANumber(sequence, sequence.Current!);
            else
                sequence.IsSuspect = true;
        }
        _poisoned.Clear();
        table.ResetAll();
    }

    /// <summary>
    /// llama.cpp found no room, and put its memory back to before the decode: whoever is the least important gives its place up and is taken up again later. False when nobody can.
    /// </summary>
    private bool Preempt()
    {
        // One that is served has to remain, or the step would be nobody's.
        var only = _served.Count == 1 ? _served[0].Sequence : null;
        if (table.Swapper.Victim(candidate => candidate != only) is not { } victim)
            return false;
        Preempt(victim, Residency.Swapped);
        return true;
    }

    private void Preempt(Sequence victim, Residency to)
    {
        if (victim.IsAdmitted)
        {
            victim.History.Preemptions++;
            counters.Residency.Preempt();
        }
        table.Swapper.SwapOut(victim, to);
    }

    /// <summary>A decode that failed: what can be saved goes on.</summary>
    private void Recover(int result)
    {
        switch (result)
        {
            case 2 when isStopping():
                return;
            case -1 when _served.Count > 1:
                foreach (var served in _served)
                    served.Sequence.IsSuspect = true;
                return;
            case 1 or -1:
                _outgoing.Clear();
                foreach (var served in _served)
                    _outgoing.Add(served.Sequence);
                foreach (var sequence in _outgoing)
                {
                    var generation = sequence.Current!;
                    table.Reset(sequence);
                    table.Finish(sequence);
                    generation.Fail(new LlamaException(
                        LlamaError.SequenceFailed,
                        result == 1
                            ? $"llama.cpp found no room for {_batch.Count} more tokens of a sequence of {sequence.Tokens.Count} among the {context.Cells} KV cells, though all others had left: ask for less, or raise ContextCells."
                            : "llama.cpp refused a batch with this sequence's tokens (result -1): ask again; its log says why."));
                }
                return;
            default:
                throw new LlamaException(LlamaError.EngineFailed, $"llama_decode failed with result {result} on the model '{model.Name}': its log says why.");
        }
    }
}
