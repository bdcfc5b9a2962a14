namespace LLMOS.Silo.Logging;

/// <summary>Writes warnings and worse to the standard error, a line each; the log files have the rest of it.</summary>
internal sealed class StandardErrorLoggerProvider : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => Logger.Instance;

    public void Dispose()
    {
        // The standard error is not ours to close.
    }

    private sealed class Logger : ILogger
    {
        public static Logger Instance { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var message = formatter(state, exception).ReplaceLineEndings(" ");
                Console.Error.WriteLine(exception is null
                    ? $"{LogLine.Name(logLevel)}: {message}"
                    : $"{LogLine.Name(logLevel)}: {message} ({exception.Message.ReplaceLineEndings(" ")})");
            }
        }
    }
}
