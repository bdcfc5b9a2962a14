namespace LLMOS.Silo.Http.Live;

/// <summary>Runs a loop while somebody has a lease on it, and a little longer, so that one who comes back finds it going.</summary>
internal sealed class SharedLoop(Func<CancellationToken, Task> run, CancellationToken stopping) : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private int _leases;
    private int _generation;

    /// <summary>How many lease it now.</summary>
    public int Leases => Volatile.Read(ref _leases);

    /// <summary>Starts the loop unless it runs; dispose of the lease to leave it.</summary>
    public IDisposable Lease()
    {
        lock (_gate)
        {
            _leases++;
            _generation++;
            if (_stop is null)
            {
                _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                var token = _stop.Token;
                using (ExecutionContext.SuppressFlow())
                {
                    // Not as whoever came first.
                    _ = Task.Run(() => run(token), token);
                }
            }
        }

        return new Lessee(this);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stop?.Cancel();
            _stop?.Dispose();
            _stop = null;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_leases == 0)
            {
                var generation = _generation;
                _ = Task.Delay(Linger, CancellationToken.None).ContinueWith(_ => StopUnlessUsed(generation), TaskScheduler.Default);
            }
        }
    }

    private void StopUnlessUsed(int generation)
    {
        lock (_gate)
        {
            if (_leases == 0 && _generation == generation)
            {
                _stop?.Cancel();
                _stop?.Dispose();
                _stop = null;
            }
        }
    }

    private sealed class Lessee(SharedLoop loop) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                loop.Leave();
            }
        }
    }
}
