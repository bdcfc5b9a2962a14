namespace LLMOS.Tests.Telemetry;

/// <summary>A record of the log as a collector has it; the trace's id is hexadecimal.</summary>
internal sealed record OtlpLog(string Text, string Trace, IReadOnlyDictionary<string, string> Attributes);
