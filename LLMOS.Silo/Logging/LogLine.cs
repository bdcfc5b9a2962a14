using System.Globalization;

namespace LLMOS.Silo.Logging;

/// <summary>One record of the log as a line of text; what follows it, such as a stack trace, is indented.</summary>
internal static class LogLine
{
    public static string Format(DateTimeOffset at, LogLevel level, string category, string message, Exception? exception)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {category}: {Indent(message)}\n");
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
