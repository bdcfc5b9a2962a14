using System.Diagnostics;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>
/// The owner thread of a native context. Each turn: take commands, end what was cancelled, plan, swap, decode once, sample. Where native code gives up, its thread is lost: another takes its
/// place with a new context, and the generations go on from their tokens.
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
    private readonly EmbeddingQueue _embeddings;
    private readonly Lock _gate = new();
    private readonly Queue<EngineCommand> _commands = new();
    private readonly RestartBudget _restarts;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LlamaModel _source;
    private EngineCommand _command;
    private long? _realtimeAt;
    private bool _stopping;
    private LlamaException? _closed;

    public EngineLoop(LlamaModel model, EngineOptions options, AdapterSet noAdapters)
    {
        _model = _source = model;
        _options = options;
        _restarts = new RestartBudget(options.MaxRestarts, TimeSpan.FromMinutes(1));
        _context = NativeAbort.Run("llama context", () => new DecodeContext(model, options, noAdapters), Gave);
        _embeddings = new EmbeddingQueue(options, _counters);
        _service = new ServiceBook(options, _counters);
        _table = new SequenceTable(model, _context, _counters, options, _service, Wake);
        _runner = new StepRunner(model, _context, _table, _counters, _service, Slices, options, () => Volatile.Read(ref _stopping));
        _planner = options.Planner ?? StepPlanners.Create(options.Policy, options.ToPlannerOptions());
        // Its tokenizer is used for as long as the engine lives, whatever becomes of the contexts that keep it alive, too.
        var added = false;
        model.Handle.DangerousAddRef(ref added);
        StartThread(givenUp: null);
    }

    public int SequenceCells => _context.SequenceCells;

    public bool CanGenerate => _context.HasMemory;

    public long StepsStarted => _counters.Steps;

    public EngineStatistics Statistics => _counters.Snapshot(_context.Cells, _options.SequencesFor(_model), _closed is { Error: LlamaError.EngineFailed } failure ? failure.Message : null);

    /// <exception cref="LlamaException">The engine was disposed or has failed.</exception>
    public void Submit(Generation generation) => Post(
        () => _table.Add(generation),
        broken =>
        {
            if (!_table.Sequences.Any(sequence => sequence.Current == generation || sequence.Next.Contains(generation)))
                generation.Fail(broken);
        });

    public void Embed(EmbeddingJob job) => Post(() => _embeddings.Add(job), broken => job.Completion.TrySetException(broken));

    /// <summary>Tokens of a prompt that the KV of a key, or of others of a domain, could serve now.</summary>
    public Task<int> CountCachedAsync(string key, string? domain, AdapterSet adapters, int[] prompt) => AskAsync(() => _table.CountCached(key, domain, adapters, prompt));

    /// <summary>Who held the device lately.</summary>
    public SliceLog Slices { get; } = new();

    /// <summary>What the KV of all keys has come to.</summary>
    public Task<IReadOnlyDictionary<string, SequenceStatistics>> DescribeAllAsync() => AskAsync(_table.DescribeAll);

    /// <summary>What the KV of a key has come to; null when it is not known.</summary>
    public Task<SequenceStatistics?> DescribeAsync(string key) => AskAsync(() => _table.Describe(key));

    /// <summary>Gives the requests of a key another priority; false when there are none.</summary>
    public Task<bool> ReprioritiseAsync(string key, int priority) => AskAsync(() => _table.Reprioritise(key, priority));

    /// <summary>Ends requests that have not begun, and returns their keys.</summary>
    public Task<string[]> WithdrawAsync(IReadOnlyCollection<string> keys, int most) => AskAsync<string[]>(() =>
    {
        var waiting = _table.NotBegun(keys, most);
        foreach (var sequence in waiting)
            End(sequence, sequence.Current!, StopReason.Withdrawn);
        return [.. waiting.Select(sequence => sequence.Key!)];
    });

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

    public void ReleaseDomain(string domain) => Post(() => _table.DropRetained(domain));

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

    private void StartThread(string? givenUp) => new Thread(() => Run(givenUp)) { IsBackground = true, Name = $"llama engine {_model.Name}" }.Start();

    private void Post(Action command, Action<LlamaException>? broken = null)
    {
        lock (_gate)
        {
            if (_closed is not null)
                throw new LlamaException(_closed.Error, _closed.Message, _closed);
            if (_stopping)
                throw Stopped();
            _commands.Enqueue(new EngineCommand(command, broken));
            _wake.Set();
        }
    }

    /// <summary>Asks something of the owner thread, between two steps.</summary>
    private Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            () =>
            {
                try
                {
                    answer.SetResult(question());
                }
                catch (LlamaException exception)
                {
                    answer.SetException(exception);
                }
            },
            broken => answer.TrySetException(broken));
        return answer.Task;
    }

    /// <param name="givenUp">The assertion that the thread before this one was lost with; null for the first.</param>
    private void Run(string? givenUp)
    {
        // The thread is parked for good when this returns.
        NativeAbort.GuardThread(StartThread);
        LlamaException end;
        try
        {
            if (givenUp is not null)
                Restart(Gave(givenUp), isThreadLost: true);
            while (!Volatile.Read(ref _stopping))
                TurnOrRestart();
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
        Close(end);
    }

    private void TurnOrRestart()
    {
        try
        {
            Turn();
        }
        catch (LlamaException exception) when (exception.Error == LlamaError.EngineFailed && !Volatile.Read(ref _stopping))
        {
            Restart(exception, isThreadLost: false);
        }
    }

    /// <summary>Begins anew after native code gave up or a decode failed for good. The tokens are all known, so the sequences go on from there.</summary>
    /// <param name="cause">What happened.</param>
    /// <param name="isThreadLost">Whether the thread that it happened on still stands in native code, whose memory must not be touched.</param>
    /// <exception cref="LlamaException">It happened too often, or there is no new context to be had.</exception>
    private void Restart(LlamaException cause, bool isThreadLost)
    {
        var inEmbedder = _embeddings.IsWorking;
        if (isThreadLost && !inEmbedder)
            _context.Abandon();

        _command.Broken?.Invoke(cause);
        _command = default;
        if (inEmbedder)
        {
            _embeddings.Lose(cause);
        }
        else
        {
            _table.LoseMemory();
            _runner.Blame(cause);
        }
        if (!_restarts.TryTake(Stopwatch.GetElapsedTime(0)))
        {
            throw new LlamaException(
                LlamaError.EngineFailed,
                $"The engine of the model '{_model.Name}' broke down {_options.MaxRestarts + 1} times within a minute, so it is not restarted again: {cause.Message}",
                cause);
        }
        _counters.Restart(cause.Message);
        if (!inEmbedder)
            RenewContext();
    }

    private void RenewContext()
    {
        try
        {
            _context.Renew(_source);
        }
        catch (Exception exception) when (exception is LlamaException or ObjectDisposedException)
        {
            // The model may have gone with the context, as on a device that was lost.
            var reloaded = Reload();
            _context.Renew(reloaded);
            _embeddings.Reset();
            if (_source != _model)
                _source.Dispose();
            _source = reloaded;
        }
    }

    private LlamaModel Reload()
    {
        var reloaded = LlamaModel.Load(_model.Path, _model.Options);
        if (reloaded.VocabularySize == _model.VocabularySize && reloaded.ParameterCount == _model.ParameterCount && reloaded.SizeBytes == _model.SizeBytes)
            return reloaded;
        reloaded.Dispose();
        throw new LlamaException(LlamaError.EngineFailed, $"'{_model.Path}' is not the model any more that the engine was started with: load it anew.");
    }

    private void Turn()
    {
        TakeCommands();
        ReapCancelled();
        var states = _table.Describe();
        _planner.Plan(states, Limits(states), _plan);
        var hasWork = HasWork(states);
        var stepped = _runner.Run(_plan);
        var embedded = _embeddings.EmbedSome(_source);
        if (!stepped && !embedded)
            _wake.WaitOne(hasWork ? PlannerRetry : Timeout.InfiniteTimeSpan);
    }

    /// <summary>Most prompt tokens of IDLE in a step, where a REALTIME request may come: one did not long ago. Small chunks are not for nothing then.</summary>
    private int LeftOverPrefillTokens(ReadOnlySpan<SequenceState> states)
    {
        foreach (ref readonly var state in states)
        {
            if (state is { Class: SequenceClass.Realtime, Phase: not SequencePhase.Idle })
            {
                _realtimeAt = Stopwatch.GetTimestamp();
                break;
            }
        }
        return _realtimeAt is { } at && Stopwatch.GetElapsedTime(at) < LeftOverRule.Expectation
            ? LeftOverRule.PrefillTokens(_table.Cost.PrefillTokensPerSecond, _options.IdlePrefillTime)
            : 0;
    }

    private StepLimits Limits(ReadOnlySpan<SequenceState> states) => new(
        _context.StepTokens,
        Math.Min(_options.PrefillTokensBesideDecode, _context.StepTokens),
        _table.FreeCells,
        _table.Memory.FreeIds,
        _table.SaveableCells)
    {
        LeftOverPrefillTokens = LeftOverPrefillTokens(states),
        AppliedSet = _table.NumberOf(_context.Adapters),
        AppliedSteps = _context.StepsWithAdapters,
        Step = _counters.Steps,
    };

    private void TakeCommands()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_commands.TryDequeue(out _command))
                    return;
            }
            _command.Run();
            _command = default;
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

    private void Close(LlamaException end)
    {
        lock (_gate)
        {
            _closed = end;
        }
        _table.Memory.IsAbandoned = true; // It goes as a whole.
        _command.Broken?.Invoke(end);
        while (_commands.TryDequeue(out var command))
            command.Broken?.Invoke(end);
        foreach (var sequence in _table.Sequences)
        {
            sequence.Current?.Fail(end);
            foreach (var next in sequence.Next)
                next.Fail(end);
        }
        _embeddings.Fail(end);
        _counters.Hold(0, 0, 0, 0, 0);
        _embeddings.Dispose();
        _context.Dispose();
        _runner.Dispose();
        _table.Dispose();
        if (_source != _model)
            _source.Dispose();
        _model.Handle.DangerousRelease();
        _wake.Dispose();
        _ended.TrySetResult();
    }

    private LlamaException Gave(string assertion) => new(
        LlamaError.EngineFailed,
        $"llama.cpp gave up on the model '{_model.Name}' ({assertion}): its file may be damaged, so fetch it again if this happens again.");

    private LlamaException Stopped() => new(LlamaError.EngineStopped, $"The engine of the model '{_model.Name}' was stopped.");
}
