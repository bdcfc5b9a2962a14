using System.Globalization;

namespace LLMOS.Silo.Logging;

/// <summary>One record of the log as a line of text; what follows it, such as a stack trace, is indented.</summary>
internal static class LogLine
{
    /// <param name="at">When.</param>
    /// <param name="level">How bad it is.</param>
    /// <param name="category">Who says it.</param>
    /// <param name="message">What.</param>
    /// <param name="exception">What it came of; null for none.</param>
    /// <param name="context">What it belongs to, as <see cref="LogContext"/> says it; empty for none.</param>
    public static string Format(DateTimeOffset at, LogLevel level, string category, string message, Exception? exception, string context = "")
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {category}{context}: {Indent(message)}\n");
        return exception is null ? line : $"{line}    {Indent(exception.ToString())}\n";
    }

    public static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private static string Indent(string text) => text.TrimEnd().ReplaceLineEndings("\n    ");
}
