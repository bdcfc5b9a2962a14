namespace LLMOS.Silo.Logging;

/// <summary>Writes warnings and worse to the standard error, a line each; the log files have the rest of it.</summary>
internal sealed class StandardErrorLoggerProvider : ILoggerProvider
{
    // What Orleans and the host say is for who tunes a cluster; what of it ends a silo is said once, as its sentence.
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Orleans", StringComparison.Ordinal) || categoryName.StartsWith("Microsoft", StringComparison.Ordinal) ? Logger.Criticals : Logger.Warnings;

    public void Dispose()
    {
        // The standard error is not ours to close.
    }

    private sealed class Logger(LogLevel least) : ILogger
    {
        public static Logger Warnings { get; } = new(LogLevel.Warning);

        public static Logger Criticals { get; } = new(LogLevel.Critical);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

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
