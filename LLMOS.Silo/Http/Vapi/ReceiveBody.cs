namespace LLMOS.Silo.Http.Vapi;

/// <summary>Which message is to be taken out of a mailbox.</summary>
/// <param name="Pid">Whose mailbox; the console's when left out.</param>
/// <param name="From">Only from this process.</param>
/// <param name="CorrelationId">Only of this conversation.</param>
/// <param name="Timeout">Seconds to wait for one; 0 for not at all.</param>
internal sealed record ReceiveBody(long? Pid = null, long? From = null, string? CorrelationId = null, double Timeout = 0);
