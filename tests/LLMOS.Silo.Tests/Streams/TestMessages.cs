using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Tests.Streams;

internal static class TestMessages
{
    public static VmpMessage To(long pid, string payload, long from = 1, string correlation = "", int dimension = 0) => new()
    {
        MessageId = Guid.NewGuid(),
        From = from,
        To = pid,
        Payload = payload,
        CorrelationId = correlation,
        Timestamp = DateTimeOffset.UtcNow,
        Vector = dimension == 0 ? [] : [.. Enumerable.Range(0, dimension).Select(d => MathF.Sin(d + payload.Length))],
    };
}
