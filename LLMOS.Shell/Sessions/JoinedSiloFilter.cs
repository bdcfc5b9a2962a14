using System.ComponentModel;
using System.Diagnostics;
using LLMOS.Client;

namespace LLMOS.Shell.Sessions;

/// <summary>
/// Ends calls when the process of the silo that was joined ends: the runtime would wait half a minute for another that answers at its address. To a watcher
/// it is a loss, after which it looks again for a while; a silo that was started at the same address is then found.
/// </summary>
internal sealed class JoinedSiloFilter : IOutgoingGrainCallFilter
{
    private readonly SiloEndpointFile _endpoint;
    private readonly string _folder;
    private readonly Task _ended;

    public JoinedSiloFilter(SiloEndpointFile endpoint, string folder)
    {
        (_endpoint, _folder) = (endpoint, folder);
        try
        {
            _ended = Process.GetProcessById(endpoint.ProcessId).WaitForExitAsync();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            _ended = Task.CompletedTask;
        }
    }

    public Task Invoke(IOutgoingGrainCallContext context) => AnswerAsync(context.Invoke());

    /// <summary>Waits for the answer to a call, as long as somebody may give it.</summary>
    /// <exception cref="LlmosException">The silo has ended, and none is at its address.</exception>
    public async Task AnswerAsync(Task call)
    {
        if (await Task.WhenAny(call, _ended) != call && SiloEndpointFile.Find(_folder)?.Gateway != _endpoint.Gateway)
        {
            _ = call.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"The silo of {_folder} has ended (process {_endpoint.ProcessId}): any command starts another, and what it had accepted is there; look, then do it again if it was not done.",
                new SiloUnavailableException());
        }

        await call;
    }
}
