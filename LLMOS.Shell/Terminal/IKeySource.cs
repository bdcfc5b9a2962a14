namespace LLMOS.Shell.Terminal;

/// <summary>Where keys come from: a terminal, or a test.</summary>
internal interface IKeySource
{
    /// <summary>Waits for the next key.</summary>
    /// <exception cref="System.Threading.Channels.ChannelClosedException">There will be no more.</exception>
    ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellationToken);
}
