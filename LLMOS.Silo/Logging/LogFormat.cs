namespace LLMOS.Silo.Logging;

/// <summary>How a silo that stands alone writes its log to the standard error.</summary>
public enum LogFormat
{
    /// <summary>Warnings and worse, a sentence each, for people.</summary>
    Text,

    /// <summary>All records as JSON, one a line, with the PID and the trace that each belongs to, for programs that gather them.</summary>
    Json,
}
