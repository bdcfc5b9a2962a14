using System.Diagnostics;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>Carries out the plan of a step: swaps, one decode, and the sampling of what it computed. Belongs to the owner thread.</summary>
internal sealed class StepRunner(LlamaModel model, DecodeContext context, SequenceTable table, EngineCounters counters, ServiceBook service, Func<bool> isStopping) : IDisposable
{
    /// <summary>A step with at least so many prefill tokens, and few others, tells what prefill costs.</summary>
    private const int TellingTokens = 16;

    private readonly BatchBuffer _batch = new(context.StepTokens, model.VocabularySize);
    private readonly TokenEmitter _emitter = new(model, table);
    private readonly List<(Sequence Sequence, int Tokens)> _served = [];
    private readonly List<(Sequence Sequence, int Index)> _outputs = [];
    private readonly List<Sequence> _outgoing = [];
    private readonly List<Sequence> _poisoned = [];
    private AdapterSet? _adapters;

    /// <summary>Whether something was done.</summary>
    public bool Run(StepPlan plan)
    {
        foreach (var swap in plan.SwapOut)
            Preempt(table.Sequences[swap.Sequence], swap.To);
        foreach (var index in plan.SwapIn)
            table.SwapIn(table.Sequences[index]);
        if (plan.SwapIn.Count > 0)
            table.Arrange();
        var prefilled = FillBatch(plan);
        if (_batch.Count == 0)
            return plan.SwapIn.Count > 0 || plan.SwapOut.Count > 0;

        var began = Stopwatch.GetTimestamp();
        counters.StepBegins();
        var result = Decode();
        while (result == 1 && Preempt())
        {
            prefilled = FillBatch(plan);
            result = Decode();
        }
        if (result != 0)
        {
            Recover(result);
            return true;
        }
        if (prefilled >= TellingTokens && prefilled >= _batch.Count * 3 / 4)
            table.Cost.Prefilled(prefilled, Stopwatch.GetElapsedTime(began));
        CountServed();
        counters.StepEnds(Stopwatch.GetElapsedTime(began), Sample(), prefilled);
        return true;
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>Puts the plan's tokens into the batch and returns how many of them are prefill.</summary>
    private int FillBatch(StepPlan plan)
    {
        _batch.Clear();
        _served.Clear();
        _outputs.Clear();
        _adapters = null;
        foreach (var index in plan.Decode)
            AddTokens(table.Sequences[index], 1);
        var decodes = _batch.Count;
        foreach (var chunk in plan.Prefill)
            AddTokens(table.Sequences[chunk.Sequence], chunk.Tokens);
        return _batch.Count - decodes;
    }

    private void AddTokens(Sequence sequence, int wanted)
    {
        if (!sequence.IsAdmitted || sequence.IsHeld)
            return;
        // A decode has one adapter set; of a plan that mixes them the first is served.
        var adapters = sequence.Current!.Adapters;
        if (_adapters is not null && _adapters != adapters)
            return;
        var pending = sequence.Tokens.Count - sequence.Cached;
        var count = Math.Min(Math.Min(wanted, pending), context.StepTokens - _batch.Count);
        var last = -1;
        for (var i = 0; i < count; i++)
        {
            var position = sequence.Cached + i;
            last = _batch.Add(sequence.Tokens[position], position, sequence.Id, output: i == pending - 1);
        }
        if (count > 0)
        {
            _served.Add((sequence, count));
            _adapters = adapters;
        }
        if (count > 0 && count == pending)
            _outputs.Add((sequence, last));
    }

    private int Decode()
    {
        if (context.Apply(_adapters!))
            counters.SwitchAdapters();
        return context.Decode(_batch);
    }

    private void CountServed()
    {
        var step = counters.Steps;
        foreach (var (sequence, tokens) in _served)
        {
            table.Memory.Append(sequence, tokens);
            var generation = sequence.Current!;
            var isDecode = generation.Completed > 0;
            sequence.History.ComputedTokens += isDecode && tokens == 1 ? 0 : tokens;
            service.Charge(sequence, generation, tokens, step);
        }
    }

    private int Sample()
    {
        var sampled = 0;
        foreach (var (sequence, index) in _outputs)
        {
            var generation = sequence.Current!;
            if (generation.IsCancelRequested)
                continue;
            if (_emitter.Emit(sequence, generation, context.Logits(index), counters.Steps))
            {
                sampled++;
                sequence.IsSuspect = false;
                sequence.Service.CountGenerated();
            }
            else
            {
                _poisoned.Add(sequence);
            }
        }
        if (_poisoned.Count > 0)
            Quarantine();
        return sampled;
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
            case 1 or -1:
                _outgoing.Clear();
                foreach (var (sequence, _) in _served)
                    _outgoing.Add(sequence);
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
                throw new LlamaException(LlamaError.EngineFailed, $"llama_decode failed with result {result} on the model '{model.Name}': its log says why; load the model again.");
        }
    }
}
