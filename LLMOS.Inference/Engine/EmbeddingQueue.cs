namespace LLMOS.Inference.Engine;

/// <summary>Texts that wait to be embedded, and the native context for them, which is made on first use. Belongs to the owner thread.</summary>
internal sealed class EmbeddingQueue(EngineOptions options, EngineCounters counters) : IDisposable
{
    private readonly Queue<EmbeddingJob> _jobs = new();
    private EmbeddingContext? _context;

    /// <summary>Whether native code works for it.</summary>
    public bool IsWorking { get; private set; }

    public void Add(EmbeddingJob job) => _jobs.Enqueue(job);

    /// <summary>Embeds as many of the first job's texts as fit into a batch. False when there is none.</summary>
    public bool EmbedSome(LlamaModel model)
    {
        if (!_jobs.TryPeek(out var job))
            return false;
        try
        {
            job.CancellationToken.ThrowIfCancellationRequested();
            IsWorking = true;
            _context ??= new EmbeddingContext(model, options);
            job.Done.AddRange(_context.EmbedSome(job.Chunks, job.Done.Count));
            if (job.Done.Count < job.Chunks.Count)
                return true;
            counters.Embed(job.Texts);
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
        finally
        {
            IsWorking = false;
        }
        _jobs.Dequeue();
        return true;
    }

    /// <summary>After native code broke off while it worked for this: its context is lost with the thread, and the texts are tried once more.</summary>
    public void Lose(LlamaException cause)
    {
        IsWorking = false;
        _context = null;
        if (!_jobs.TryPeek(out var job) || job.Breakdowns++ == 0)
            return;
        _jobs.Dequeue();
        job.Completion.TrySetException(new LlamaException(
            LlamaError.SequenceFailed,
            $"One of {job.Texts} texts breaks the engine down, so none of them is embedded: {cause.Message}",
            cause));
    }

    /// <summary>Gives the native context up, so that the next job makes one over another model.</summary>
    public void Reset()
    {
        _context?.Dispose();
        _context = null;
    }

    public void Fail(LlamaException end)
    {
        foreach (var job in _jobs)
            job.Completion.TrySetException(end);
        _jobs.Clear();
    }

    public void Dispose() => Reset();
}
