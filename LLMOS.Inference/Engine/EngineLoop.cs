using LLMOS.Inference.Adapters;
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
    private readonly ServiceBook _service;
    private readonly SequenceTable _table;
    private readonly StepRunner _runner;
    private readonly IStepPlanner _planner;
    private readonly EngineCounters _counters = new();
    private readonly StepPlan _plan = new();
    private readonly Queue<EmbeddingJob> _embeddings = new();
    private readonly Lock _gate = new();
    private readonly Queue<Action> _commands = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EmbeddingContext? _embedder;
    private bool _stopping;
    private LlamaException? _closed;

    public EngineLoop(LlamaModel model, EngineOptions options, AdapterSet noAdapters)
    {
        _model = model;
        _options = options;
        _context = NativeAbort.Run("llama context", () => new DecodeContext(model, options, noAdapters), Gave);
        _service = new ServiceBook(options, _counters);
        _table = new SequenceTable(model, _context, _counters, options, _service);
        _runner = new StepRunner(model, _context, _table, _counters, _service, () => Volatile.Read(ref _stopping));
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

    /// <summary>Tokens of a prompt that the KV of a key, or of others of a domain, could serve now.</summary>
    public Task<int> CountCachedAsync(string key, string? domain, AdapterSet adapters, int[] prompt) => AskAsync(() => _table.CountCached(key, domain, adapters, prompt));

    /// <summary>What the KV of a key has come to; null when it is not known.</summary>
    public Task<SequenceStatistics?> DescribeAsync(string key) => AskAsync(() => _table.Describe(key));

    /// <summary>Makes a sequence of a new key that shares the KV of another's.</summary>
    public Task<ForkedSequence> ForkAsync(string parentKey, string childKey) => AskAsync(() =>
    {
        if (_table.Find(parentKey) is not { } parent)
            throw new LlamaException(LlamaError.InvalidRequest, $"The key '{parentKey}' has no sequence that could be forked: submit a request for it first.");
        if (_table.Find(childKey) is not null)
            throw new LlamaException(LlamaError.InvalidRequest, $"The key '{childKey}' has a sequence already: release it, or fork to another key.");
        var tokens = parent.Tokens.ToArray();
        return new ForkedSequence(tokens, _table.Fork(parent, childKey));
    });

    public void Release(string key) => Post(() =>
    {
        if (_table.Find(key) is not { } sequence)
        {
            _table.ForgetHistory(key);
            return;
        }
        while (sequence.Current is { } current)
            End(sequence, current, StopReason.Cancelled);
        _table.Release(sequence);
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

    /// <summary>Asks something of the owner thread, between two steps.</summary>
    private Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (LlamaException exception)
            {
                answer.SetException(exception);
            }
        });
        return answer.Task;
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
        _planner.Plan(states, Limits(), _plan);
        var hasWork = HasWork(states);
        var stepped = _runner.Run(_plan);
        var embedded = EmbedSome();
        if (!stepped && !embedded)
            _wake.WaitOne(hasWork ? PlannerRetry : Timeout.InfiniteTimeSpan);
    }

    private StepLimits Limits() => new(
        _context.StepTokens,
        Math.Min(_options.PrefillTokensBesideDecode, _context.StepTokens),
        _table.FreeCells,
        _table.Memory.FreeIds,
        _table.SaveableCells)
    {
        AppliedSet = _table.NumberOf(_context.Adapters),
        AppliedSteps = _context.StepsWithAdapters,
        Step = _counters.Steps,
    };

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
        _table.Memory.IsAbandoned = abandonNative;
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
            _runner.Dispose();
        }
        _table.Dispose();
        _wake.Dispose();
        _ended.TrySetResult();
    }

    private LlamaException Gave(string assertion) => new(
        LlamaError.EngineFailed,
        $"llama.cpp gave up on the model '{_model.Name}' ({assertion}): its file may be damaged, so fetch it again, and load it again in any case.");

    private LlamaException Stopped() => new(LlamaError.EngineStopped, $"The engine of the model '{_model.Name}' was stopped.");
}
