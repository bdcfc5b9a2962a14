using System.Collections.Concurrent;
using System.Diagnostics;

namespace LLMOS.Inference.KvCache;

/// <summary>
/// A few threads that wait for the disk in place of an engine's, so that a file that takes long delays neither steps nor, as a rule, other files. What comes of it is taken up by the engine's
/// thread, between two steps.
/// </summary>
internal sealed class DiskWorkers(Action wake) : IDisposable
{
    /// <summary>A disk that does not answer must not keep an engine from ending.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Most = 4;

    private readonly BlockingCollection<Func<Action>> _work = [];
    private readonly ConcurrentQueue<Action> _results = new();
    private readonly List<Thread> _threads = [];
    private bool _ends;

    /// <summary>Has something done.</summary>
    /// <param name="work">Runs on a worker's thread, throws nothing, and returns what the owner thread is to do then.</param>
    public void Do(Func<Action> work)
    {
        if (_threads.Count < Most)
        {
            _threads.Add(new Thread(Run) { IsBackground = true, Name = "kv disk" });
            _threads[^1].Start();
        }
        _work.Add(work);
    }

    /// <summary>Does what has come of the work since; on the owner thread.</summary>
    public void TakeResults()
    {
        while (_results.TryDequeue(out var result))
            result();
    }

    /// <summary>Drops what was not begun, and waits a while for what was.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _ends, true);
        _work.CompleteAdding();
        var began = Stopwatch.GetTimestamp();
        foreach (var thread in _threads)
        {
            var left = Patience - Stopwatch.GetElapsedTime(began);
            if (!thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                return;
        }
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            if (Volatile.Read(ref _ends))
                return;
            _results.Enqueue(work());
            wake();
        }
    }
}
