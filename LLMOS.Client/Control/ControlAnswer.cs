namespace LLMOS.Client.Control;

/// <summary>An answer of JSON-RPC that has a result; one that has an error has none, and is not read.</summary>
internal sealed record ControlAnswer(ProcessListing Result);
