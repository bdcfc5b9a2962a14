using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LLMOS.Client.Control;

/// <summary>
/// Asks the silo of a data folder for views, without becoming a client of its cluster: for a program that asks one thing and ends. It blocks its thread meanwhile.
/// Nothing here may need a type of Orleans, whose assemblies take longer to load than all else.
/// </summary>
public static class ControlClient
{
    /// <summary>How long the whole of an answer may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of an answer at most; a listing of a hundred thousand processes has that.</summary>
    private const int MaxAnswer = 128 * 1024 * 1024;

    /// <summary>The processes of the silo that holds a folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="liveOnly">Whether those that have ended are left out.</param>
    /// <param name="limit">How many at most, the newest of them.</param>
    /// <param name="cancellationToken">Stops waiting for them.</param>
    /// <returns>Null where no silo gives an answer there that this version understands: then a client of the cluster may, or learns why not.</returns>
    public static ProcessListing? ListProcesses(string folder, bool liveOnly, int limit, CancellationToken cancellationToken)
    {
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{ProcessListing.Method}}}","params":{"liveOnly":{{{(liveOnly ? "true" : "false")}}},"limit":{{{limit}}}}}""");
        try
        {
            return Ask(folder, request, cancellationToken) is { } answer ? JsonSerializer.Deserialize(answer.AsSpan(), ControlJson.Default.ControlAnswer)?.Result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The answer; null where there is none.</returns>
    private static ArraySegment<byte>? Ask(string folder, string request, CancellationToken cancellationToken)
    {
        // Whoever holds the folder alone may make the socket: one that is answered on is a silo that lives.
        if (ControlSocketFile.PathIn(folder) is not { } path || !File.Exists(path))
        {
            return null;
        }

        try
        {
            // Blocking calls: what asynchronous ones need takes longer to start than the answer to come.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var cut = limit.Token.Register(socket.Dispose);
            limit.CancelAfter(Patience);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send(Encoding.UTF8.GetBytes(request + "\n"));
            return ReceiveLine(socket);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static ArraySegment<byte>? ReceiveLine(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        for (var filled = 0; ;)
        {
            var read = socket.Receive(buffer.AsSpan(filled));
            if (read == 0)
            {
                return null;
            }

            filled += read;
            if (buffer[filled - 1] == (byte)'\n')
            {
                return new ArraySegment<byte>(buffer, 0, filled - 1);
            }

            if (filled == buffer.Length)
            {
                if (filled >= MaxAnswer)
                {
                    return null;
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }
}
