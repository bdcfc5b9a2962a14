using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LLMOS.Silo.Logging;

/// <summary>
/// Writes the log to <c>llmos-DATE.log</c> files in a folder: a new one each day and when one is full, the oldest removed.
/// Who logs never waits for the disk; when it cannot keep up or is full, records are lost and counted.
/// </summary>
internal sealed class RollingFileLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    internal const int FilesKept = 7;

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly long _mostBytes;
    private readonly Channel<string> _lines;
    private readonly Task _writing;
    private IExternalScopeProvider? _scopes;
    private long _lost;

    public RollingFileLoggerProvider(string folder, TimeProvider time, long mostBytes = 16 << 20)
    {
        _folder = folder;
        _time = time;
        _mostBytes = mostBytes;
        _lines = Channel.CreateBounded<string>(
            new BoundedChannelOptions(8192) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        _writing = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        FileStream? file = null;
        var day = "";
        try
        {
            while (await _lines.Reader.WaitToReadAsync())
            {
                try
                {
                    var today = _time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
                    if (file is null || day != today || file.Position >= _mostBytes)
                    {
                        Close(file);
                        file = null;
                        file = Open(today);
                        day = today;
                    }

                    await WriteWhatIsThereAsync(file);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // A full or read-only disk must not end what is logged about; the lines of this batch are lost.
                    Interlocked.Increment(ref _lost);
                    while (_lines.Reader.TryRead(out _))
                    {
                        Interlocked.Increment(ref _lost);
                    }
                }
            }
        }
        finally
        {
            Close(file);
        }
    }

    // Closing may write, and a full disk must not become the error that the program ends with.
    private static void Close(FileStream? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private async Task WriteWhatIsThereAsync(FileStream file)
    {
        var batch = new StringBuilder();
        while (batch.Length < 1 << 16 && _lines.Reader.TryRead(out var line))
        {
            batch.Append(line);
        }

        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            batch.Append(LogLine.Format(_time.GetUtcNow(), LogLevel.Warning, "LLMOS", $"{lost} records of the log were lost", exception: null));
        }

        await file.WriteAsync(Encoding.UTF8.GetBytes(batch.ToString()));
        await file.FlushAsync();
    }

    private FileStream Open(string day)
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, $"llmos-{day}.log");
        for (var part = 1; File.Exists(path) && new FileInfo(path).Length >= _mostBytes; part++)
        {
            path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"llmos-{day}-{part:000}.log"));
        }

        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        foreach (var old in Directory.GetFiles(_folder, "llmos-*.log").OrderBy(File.GetLastWriteTimeUtc).SkipLast(FilesKept))
        {
            File.Delete(old);
        }

        return file;
    }

    private sealed class Logger(RollingFileLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => provider._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // A client that ends without a word, as each command does that joined, is nothing to warn of; a silo that is lost is said by the membership.
            if (exception is not ConnectionResetException)
            {
                provider._lines.Writer.TryWrite(LogLine.Format(provider._time.GetUtcNow(), logLevel, category, formatter(state, exception), exception, LogContext.Of(provider._scopes)));
            }
        }
    }
}
