using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client.Control;
using LLMOS.Silo.Http.Acp;

namespace LLMOS.Silo.Control;

/// <summary>One connection to the control socket: each line is a message, and is answered with a line before the next is read.</summary>
/// <param name="socket">The connection; whoever made it closes it.</param>
/// <param name="call">Makes a call: the method, its parameters and what stops it.</param>
/// <param name="patience">How long the client may take to send a line, and to take the answer.</param>
internal sealed class ControlConnection(Socket socket, Func<string, JsonElement, CancellationToken, Task<JsonObject>> call, TimeSpan patience)
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(ControlSocketFile.MaxRequest);
    private int _filled;

    /// <summary>Answers until the client has gone.</summary>
    /// <exception cref="OperationCanceledException">It took too long, or the socket is closed.</exception>
    /// <exception cref="SocketException">It went in the middle.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                limit.CancelAfter(patience);
                if (await ReceiveAsync(limit.Token) is not { } length)
                {
                    return;
                }

                if (length >= ControlSocketFile.MaxRequest)
                {
                    await SendAsync(AcpMessage.Error(null, new AcpException(AcpException.InvalidRequest, $"A line has at most {ControlSocketFile.MaxRequest} bytes, and this one has more: ask for less at once.")), limit.Token);
                    return;
                }

                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                var answer = await AcpMessage.AnswerAsync(_buffer.AsMemory(0, length), ProcessListing.Method, call, stop);
                _filled -= length + 1;
                _buffer.AsSpan(length + 1, _filled).CopyTo(_buffer);
                if (answer is not null)
                {
                    limit.CancelAfter(patience);
                    await SendAsync(answer, limit.Token);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    /// <returns>The bytes of the first line in the buffer; as many as there may be, and more, where there is no end to it; null when the client has closed.</returns>
    private async ValueTask<int?> ReceiveAsync(CancellationToken cancellationToken)
    {
        for (var looked = 0; ;)
        {
            if (_buffer.AsSpan(looked, _filled - looked).IndexOf((byte)'\n') is >= 0 and var end)
            {
                return looked + end;
            }

            looked = _filled;
            if (_filled >= ControlSocketFile.MaxRequest)
            {
                return _filled;
            }

            var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _filled += read;
        }
    }

    private async Task SendAsync(JsonNode message, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> left = Encoding.UTF8.GetBytes(message.ToJsonString() + "\n");
        while (left.Length > 0)
        {
            left = left[await socket.SendAsync(left, cancellationToken)..];
        }
    }
}
