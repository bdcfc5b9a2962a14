namespace LLMOS.Tests.Telemetry;

/// <summary>A span as a collector has it; ids are hexadecimal.</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes);
