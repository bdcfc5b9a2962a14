using System.Diagnostics;
using LLMOS.Client;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Shell.Sessions;

/// <summary>Opens the session of a data folder: joins the silo that holds it, and starts one where none does.</summary>
internal static class FolderSession
{
    /// <summary>How long it waits for another program that holds the folder and cannot be joined: one that boots, or that only looks for a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <exception cref="LlmosException">It can be neither joined nor started; the message says what is in its way.</exception>
    public static async Task<Session> OpenAsync(SessionOptions options, string folder, Action<BootProgress> progress, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (options.Joins && SiloEndpointFile.Find(folder) is { } endpoint && (endpoint.Works || !options.Works))
            {
                try
                {
                    return await RemoteSession.JoinAsync(endpoint, folder, cancellationToken);
                }
                catch (LlmosException gone) when (gone.Code == LlmosErrorCode.Unavailable && Stopwatch.GetElapsedTime(began) < Patience)
                {
                    // It has stopped in this moment; then the folder is free, or soon will be.
                }
            }

            try
            {
                return await EmbeddedSession.OpenAsync(options, progress, cancellationToken);
            }
            catch (LlmosException held) when (options.Joins && held is { Code: LlmosErrorCode.Unavailable, InnerException: IOException } && Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Interval, cancellationToken);
            }
        }
    }
}
