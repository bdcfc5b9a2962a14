using System.Threading.Channels;

namespace LLMOS.Shell.Terminal;

/// <summary>
/// The keys of the terminal. A read cannot be taken back from the terminal, so one that somebody stopped waiting for goes on,
/// and its key is the next reader's. For one reader at a time.
/// </summary>
internal sealed class KeyReader : IKeySource
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private int _isReading;

    /// <inheritdoc/>
    public async ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellationToken)
    {
        if (_keys.Reader.TryRead(out var key))
        {
            return key;
        }

        if (Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            _ = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return await _keys.Reader.ReadAsync(cancellationToken);
    }

    /// <summary>Puts a key in, as a signal does that stands for one.</summary>
    public void Post(ConsoleKeyInfo key) => _keys.Writer.TryWrite(key);

    private void Read()
    {
        try
        {
            var key = Console.ReadKey(intercept: true);
            // Whoever has the key may want the next one at once.
            Volatile.Write(ref _isReading, 0);
            _keys.Writer.TryWrite(key);
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            _keys.Writer.TryComplete();
        }
    }
}
