using System.Diagnostics;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>
/// The owner thread of a native context. Each turn: take commands, end what was cancelled, plan, swap, decode once, sample.
/// </summary>
internal sealed class EngineLoop : IAsyncDisposable
{
    /// <summary>How long to wait before asking a planner again that left runnable work alone.</summary>
    private static readonly TimeSpan PlannerRetry = TimeSpan.FromMilliseconds(10);

    private readonly LlamaModel _model;
    private readonly EngineOptions _options;
    private readonly DecodeContext _context;
    private readonly BatchBuffer _batch;
    private readonly ServiceBook _service;
    private readonly SequenceTable _table;
    private readonly TokenEmitter _emitter;
    private readonly IStepPlanner _planner;
    private readonly EngineCounters _counters = new();
    private readonly StepPlan _plan = new();
    private readonly List<(Sequence Sequence, int Tokens)> _served = [];
    private readonly List<(Sequence Sequence, int Index)> _outputs = [];
    private readonly Queue<EmbeddingJob> _embeddings = new();
    private readonly Lock _gate = new();
    private readonly Queue<Action> _commands = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EmbeddingContext? _embedder;
    private bool _stopping;
    private LlamaException? _closed;

    public EngineLoop(LlamaModel model, EngineOptions options)
    {
        _model = model;
        _options = options;
        _context = NativeAbort.Run("llama context", () => new DecodeContext(model, options), Gave);
        _batch = new BatchBuffer(_context.StepTokens, model.VocabularySize);
        _service = new ServiceBook(options, _counters);
        _table = new SequenceTable(_context, _counters, options.SequencesFor(model), options.HostCells, _service);
        _emitter = new TokenEmitter(model, _table);
        _planner = options.Planner ?? StepPlanners.Create(options.Policy, options.ToPlannerOptions());
        new Thread(Run) { IsBackground = true, Name = $"llama engine {model.Name}" }.Start();
    }

    public int Cells => _context.Cells;

    public bool CanGenerate => _context.HasMemory;

    public long StepsStarted => _counters.Steps;

    public EngineStatistics Statistics => _counters.Snapshot(_context.Cells, _closed is { Error: LlamaError.EngineFailed } failure ? failure.Message : null);

    /// <exception cref="LlamaException">The engine was disposed or has failed.</exception>
    public void Submit(Generation generation) => Post(() => _table.Add(generation));

    public void Embed(EmbeddingJob job) => Post(() => _embeddings.Enqueue(job));

    /// <summary>Tokens of a prompt that the KV of a key could serve now.</summary>
    public Task<int> CountCachedAsync(string key, int[] prompt)
    {
        var counted = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => counted.SetResult(_table.Find(key)?.CommonPrefix(prompt) ?? 0));
        return counted.Task;
    }

    public void Release(string key) => Post(() =>
    {
        if (_table.Find(key) is not { } sequence)
            return;
        while (sequence.Current is { } current)
            End(sequence, current, StopReason.Cancelled);
        _table.Forget(sequence);
    });

    /// <summary>Safe from any thread, at any time.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_closed is null)
                _wake.Set();
        }
    }

    /// <summary>Ends the owner thread, which frees everything that it owns; a decode that is running is broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                Volatile.Write(ref _stopping, true);
                _context.Abort();
                _wake.Set();
            }
        }
        await _ended.Task;
    }

    private void Post(Action command)
    {
        lock (_gate)
        {
            if (_closed is not null)
                throw new LlamaException(_closed.Error, _closed.Message, _closed);
            if (_stopping)
                throw Stopped();
            _commands.Enqueue(command);
            _wake.Set();
        }
    }

    private void Run()
    {
        NativeAbort.GuardThread(assertion => Close(Gave(assertion), abandonNative: true));
        LlamaException end;
        try
        {
            while (!Volatile.Read(ref _stopping))
                Turn();
            end = Stopped();
        }
        catch (LlamaException exception)
        {
            end = exception;
        }
        catch (Exception exception)
        {
            end = new LlamaException(LlamaError.EngineFailed, $"The engine of the model '{_model.Name}' failed ({exception.Message}): load the model again.", exception);
        }
        Close(end, abandonNative: false);
    }

    private void Turn()
    {
        TakeCommands();
        ReapCancelled();
        var states = _table.Describe();
        _planner.Plan(states, new StepLimits(_context.StepTokens, Math.Min(_options.PrefillTokensBesideDecode, _context.StepTokens), _table.FreeCells, _table.FreeIds, _table.FreeHostCells), _plan);
        var hasWork = HasWork(states);
        var stepped = Step();
        var embedded = EmbedSome();
        if (!stepped && !embedded)
            _wake.WaitOne(hasWork ? PlannerRetry : Timeout.InfiniteTimeSpan);
    }

    private void TakeCommands()
    {
        while (true)
        {
            Action? command;
            lock (_gate)
            {
                if (!_commands.TryDequeue(out command))
                    return;
            }
            command();
        }
    }

    private void ReapCancelled()
    {
        var sequences = _table.Sequences;
        for (var i = sequences.Count - 1; i >= 0; i--)
        {
            var sequence = sequences[i];
            while (sequence.Current is { IsCancelRequested: true } cancelled)
                End(sequence, cancelled, StopReason.Cancelled);
            for (var queued = sequence.Next.Count; queued > 0; queued--)
            {
                var next = sequence.Next.Dequeue();
                if (next.IsCancelRequested)
                    next.End(StopReason.Cancelled, _counters.Steps);
                else
                    sequence.Next.Enqueue(next);
            }
        }
        _table.Sweep();
    }

    private void End(Sequence sequence, Generation generation, StopReason reason)
    {
        _table.Finish(sequence);
        generation.End(reason, _counters.Steps);
    }

    private static bool HasWork(ReadOnlySpan<SequenceState> states)
    {
        foreach (ref readonly var state in states)
        {
            if (state.Phase != SequencePhase.Idle && state.Runnable)
                return true;
        }
        return false;
    }

    private bool Step()
    {
        foreach (var swap in _plan.SwapOut)
        {
            var sequence = _table.Sequences[swap.Sequence];
            if (sequence.IsAdmitted)
                _counters.Preempt();
            _table.SwapOut(sequence, swap.To);
        }
        foreach (var index in _plan.SwapIn)
            _table.SwapIn(_table.Sequences[index]);
        var prefilled = FillBatch();
        if (_batch.Count == 0)
            return _plan.SwapIn.Count > 0;

        var began = Stopwatch.GetTimestamp();
        _counters.StepBegins();
        var result = _context.Decode(_batch);
        if (result != 0)
        {
            Recover(result);
            return true;
        }
        var step = _counters.Steps;
        foreach (var (sequence, tokens) in _served)
        {
            sequence.Cached += tokens;
            _service.Charge(sequence, sequence.Current!, tokens, step);
        }
        var sampled = 0;
        foreach (var (sequence, index) in _outputs)
        {
            var generation = sequence.Current!;
            if (generation.IsCancelRequested)
                continue;
            sampled++;
            sequence.Service.CountGenerated();
            _emitter.Emit(sequence, generation, _context.Logits(index), step);
        }
        _counters.StepEnds(Stopwatch.GetElapsedTime(began), sampled, prefilled);
        return true;
    }

    /// <summary>Puts the plan's tokens into the batch and returns how many of them are prefill.</summary>
    private int FillBatch()
    {
        _batch.Clear();
        _served.Clear();
        _outputs.Clear();
        foreach (var index in _plan.Decode)
            AddTokens(_table.Sequences[index], 1);
        var decodes = _batch.Count;
        foreach (var chunk in _plan.Prefill)
            AddTokens(_table.Sequences[chunk.Sequence], chunk.Tokens);
        return _batch.Count - decodes;
    }

    private void AddTokens(Sequence sequence, int wanted)
    {
        if (!sequence.IsAdmitted)
            return;
        var pending = sequence.Tokens.Count - sequence.Cached;
        var count = Math.Min(wanted, pending);
        var last = -1;
        for (var i = 0; i < count; i++)
        {
            var position = sequence.Cached + i;
            last = _batch.Add(sequence.Tokens[position], position, sequence.Id, output: i == pending - 1);
        }
        if (count > 0)
            _served.Add((sequence, count));
        if (count > 0 && count == pending)
            _outputs.Add((sequence, last));
    }

    /// <summary>A decode that failed: what can be saved goes on.</summary>
    private void Recover(int result)
    {
        switch (result)
        {
            case 2 when Volatile.Read(ref _stopping):
                return;
            case 1 when EvictIdle():
                return;
            case 1 or -1:
                // llama.cpp put its memory back to before the decode.
                var (largest, tokens) = result == 1 ? _served.MaxBy(served => served.Tokens) : default;
                foreach (var (sequence, _) in _served)
                {
                    if (result == 1 && sequence != largest)
                        continue;
                    var generation = sequence.Current!;
                    _table.Reset(sequence);
                    _table.Finish(sequence);
                    generation.Fail(new LlamaException(
                        LlamaError.SequenceFailed,
                        result == 1
                            ? $"llama.cpp found no room for {tokens} tokens among the {_context.Cells} KV cells, against its reservation: ask again, or raise ContextCells."
                            : "llama.cpp refused a batch with this sequence's tokens (result -1): ask again; its log says why."));
                }
                return;
            default:
                throw new LlamaException(LlamaError.EngineFailed, $"llama_decode failed with result {result} on the model '{_model.Name}': its log says why; load the model again.");
        }
    }

    private bool EvictIdle()
    {
        var evicted = false;
        foreach (var sequence in _table.Sequences)
        {
            if (sequence is { Current: null, Id: not Sequence.NoId })
            {
                _table.SwapOut(sequence, Residency.Cold);
                evicted = true;
            }
        }
        return evicted;
    }

    private bool EmbedSome()
    {
        if (!_embeddings.TryPeek(out var job))
            return false;
        try
        {
            job.CancellationToken.ThrowIfCancellationRequested();
            _embedder ??= new EmbeddingContext(_model, _options);
            var some = _embedder.EmbedSome(job.Texts, job.Done.Count);
            job.Done.AddRange(some);
            _counters.Embed(some.Length);
            if (job.Done.Count < job.Texts.Count)
                return true;
            job.Completion.TrySetResult([.. job.Done]);
        }
        catch (OperationCanceledException)
        {
            job.Completion.TrySetCanceled(job.CancellationToken);
        }
        catch (LlamaException exception)
        {
            job.Completion.TrySetException(exception);
        }
        _embeddings.Dequeue();
        return true;
    }

    /// <param name="end">Why.</param>
    /// <param name="abandonNative">Whether native code broke off in the middle, so that its memory must not be touched.</param>
    private void Close(LlamaException end, bool abandonNative)
    {
        lock (_gate)
        {
            _closed = end;
        }
        _table.IsAbandoned = abandonNative;
        TakeCommands();
        foreach (var sequence in _table.Sequences)
        {
            sequence.Current?.Fail(end);
            foreach (var next in sequence.Next)
                next.Fail(end);
        }
        foreach (var job in _embeddings)
            job.Completion.TrySetException(end);
        _counters.Hold(0, 0, 0, 0, 0);
        if (!abandonNative)
        {
            _embedder?.Dispose();
            _context.Dispose();
            _batch.Dispose();
        }
        _wake.Dispose();
        _ended.TrySetResult();
    }

    private LlamaException Gave(string assertion) => new(
        LlamaError.EngineFailed,
        $"llama.cpp gave up on the model '{_model.Name}' ({assertion}): its file may be damaged, so fetch it again, and load it again in any case.");

    private LlamaException Stopped() => new(LlamaError.EngineStopped, $"The engine of the model '{_model.Name}' was stopped.");
}
