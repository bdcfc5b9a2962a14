using System.Globalization;
using System.Text;
using System.Text.Json;
using LLMOS.Silo.Http.Vapi;

namespace LLMOS.Silo.Http.Live;

/// <summary>An event as it goes over the wire, made once for all who hear it.</summary>
/// <param name="Kind">Its <c>event:</c>.</param>
/// <param name="Sequence">Its <c>id:</c>, the place in the audit log; null for one that is not kept.</param>
/// <param name="Bytes">The whole frame.</param>
internal sealed record EventFrame(string Kind, long? Sequence, byte[] Bytes)
{
    /// <summary>What tells a client, and whatever is in between, that the stream goes on.</summary>
    public static byte[] KeepAlive { get; } = ": still here\n\n"u8.ToArray();

    public static EventFrame Of<T>(string kind, long? sequence, T data) => new(kind, sequence, Encode(kind, sequence?.ToString(CultureInfo.InvariantCulture), data));

    /// <summary>A frame of server-sent events. JSON has no line ends, so that one line of data has all of it.</summary>
    public static byte[] Encode<T>(string kind, string? id, T data) =>
        Encoding.UTF8.GetBytes($"{(id is null ? "" : $"id: {id}\n")}event: {kind}\ndata: {JsonSerializer.Serialize(data, VapiJson.Options)}\n\n");
}
