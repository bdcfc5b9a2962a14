namespace LLMOS.Silo.Http.Vapi;

/// <summary>Where a dead letter goes; to its recipient when left out.</summary>
internal sealed record ReplayBody(long? To = null);
