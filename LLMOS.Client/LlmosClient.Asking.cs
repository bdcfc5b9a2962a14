using System.Runtime.CompilerServices;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client;

/// <summary>Asking a process and watching it answer.</summary>
public sealed partial class LlmosClient
{
    // What was shown of an answer is on its way when the answer itself has come.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="AskStreamingAsync(long, string, TimeSpan?, CancellationToken)"/>
    public IAsyncEnumerable<ProcessOutput> AskStreamingAsync(long pid, string text, CancellationToken cancellationToken = default) =>
        AskStreamingAsync(pid, text, timeout: null, cancellationToken);

    /// <summary>
    /// Sends a REQUEST to a process and yields what the process shows while it answers: its text token by token, at last
    /// the <see cref="ProcessOutputKind.TurnCommitted"/>. The RESPONSE itself is taken out of the mailbox. A process that is
    /// suspended says so in a <see cref="ProcessOutputKind.StateChanged"/> of its own.
    /// </summary>
    /// <param name="pid">The process that is asked.</param>
    /// <param name="text">What it is asked.</param>
    /// <param name="timeout">How long to wait; null for as long as the process lives.</param>
    /// <param name="cancellationToken">Stops waiting; the process finishes its turn.</param>
    /// <exception cref="LlmosException">
    /// There is no such process, its turn failed, it ended before it answered, or the time was up
    /// (<see cref="LlmosErrorCode.DeadlineExceeded"/>).
    /// </exception>
    public async IAsyncEnumerable<ProcessOutput> AskStreamingAsync(
        long pid, string text, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = await SendRequestAsync(pid, text, timeout);
        if (await GetProcessAsync(pid) is { State: ProcessState.Suspended })
        {
            yield return new ProcessOutput(
                -1, ProcessOutputKind.StateChanged, request.MessageId, $"it is SUSPENDED and answers once it goes on: llmos resume {pid}", 0);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answering = AwaitResponseAsync(request, stop.Token);
        var outputs = new ProcessWatch(Grains, pid).WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next = outputs.MoveNextAsync().AsTask();
                if (await Task.WhenAny(next, answering) != next)
                {
                    // Answered, or never to be: what was shown of it may still come.
                    await answering;
                    await Task.WhenAny(next, Task.Delay(OutputGrace, stop.Token));
                    if (!next.IsCompleted)
                    {
                        yield break;
                    }
                }

                if (!await next)
                {
                    break;
                }

                var output = outputs.Current;
                if (output.MessageId == request.MessageId)
                {
                    yield return output;
                    if (output.Kind == ProcessOutputKind.TurnCommitted)
                    {
                        await answering;
                        yield break;
                    }
                }
            }

            await answering;
            throw await EndedAsync(pid);
        }
        finally
        {
            await stop.CancelAsync();
            await QuietlyAsync(answering);
            await QuietlyAsync(next ?? Task.CompletedTask);
            await QuietlyAsync(outputs.DisposeAsync().AsTask());
        }
    }

    /// <summary>Waits for a task whose result nobody wants any more.</summary>
    private static async Task QuietlyAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
