using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client.Control;

namespace LLMOS.Silo.Control;

/// <summary>
/// Listens on the control socket of a data folder that this process holds. Whoever may open the folder's database may ask there: the socket is its owner's alone.
/// On Windows, where a socket has no mode, the folder's own permissions say who may.
/// </summary>
internal sealed partial class ControlSocket : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int MaxConnections = 256;

    /// <summary>How long a client may take to send a request.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly Func<string, JsonElement, CancellationToken, Task<JsonObject>> _call;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<Task> _serving = [];

    private ControlSocket(Socket listener, Func<string, JsonElement, CancellationToken, Task<JsonObject>> call, TimeSpan patience, ILogger logger)
    {
        _listener = listener;
        _call = call;
        _patience = patience;
        _logger = logger;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Begins to listen, in the place of a socket that a killed silo left.</summary>
    /// <param name="folder">The data folder, which this process holds.</param>
    /// <param name="call">Makes a call: the method, its parameters and what stops it.</param>
    /// <param name="logger">Told what goes wrong.</param>
    /// <param name="patience">How long a client may take to send a request; null for some seconds.</param>
    /// <returns>Null where there can be no socket; then clients join by the gateway.</returns>
    public static ControlSocket? Listen(string folder, Func<string, JsonElement, CancellationToken, Task<JsonObject>> call, ILogger logger, TimeSpan? patience = null)
    {
        if (ControlSocketFile.PathIn(folder) is not { } path)
        {
            LogNoPath(logger, folder);
            return null;
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                // Before it listens: until then nobody gets in.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            listener.Listen(Backlog);
            return new ControlSocket(listener, call, patience ?? DefaultPatience, logger);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            LogNotListening(logger, path, exception.Message);
            return null;
        }
    }

    /// <summary>Takes the file away and ends the connections, whatever is under way on them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;

        // Closing what is bound deletes its file.
        _listener.Dispose();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _serving.RemoveAll(done => done.IsCompleted);
                if (_serving.Count < MaxConnections)
                {
                    _serving.Add(Task.Run(() => ServeAsync(client)));
                }
                else
                {
                    client.Dispose();
                }
            }
            catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failed)
            {
                // The client has gone again, or there are no more files to be opened.
                LogNotAccepted(_logger, failed.Message);
                await Task.Delay(AfterFailure);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await new ControlConnection(client, _call, _patience).RunAsync(_stop.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or SocketException)
            {
                // Nobody is there to be answered.
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                LogFailed(_logger, failed);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The folder '{Folder}' has no control socket, because its path is too long for one or the platform has none; commands join by the gateway.")]
    private static partial void LogNoPath(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control socket '{Path}' cannot be made, and commands join by the gateway: {Reason}")]
    private static partial void LogNotListening(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection to the control socket was not accepted: {Reason}")]
    private static partial void LogNotAccepted(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection to the control socket has failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
